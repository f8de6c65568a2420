using Pltfrms.Iam.Token;
using Testing.Databases;

namespace Token.Tests.Hosting;

public sealed class SqliteTokenDatabase() : SqliteTestDatabase(typeof(TokenHost).Assembly);

public sealed class PostgresTokenDatabase() : PostgresTestDatabase(typeof(TokenHost).Assembly);

/// <summary>For tests of outages.</summary>
public sealed class StoppablePostgresTokenDatabase() : PostgresTestDatabase(typeof(TokenHost).Assembly, isStoppable: true);
