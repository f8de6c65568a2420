using Testing.Databases;

namespace Common.Tests.Storage;

/// <summary>SQLite with the tables in Storage/Migrations.</summary>
public sealed class SqliteStorageDatabase() : SqliteTestDatabase(typeof(SqliteStorageDatabase).Assembly);

/// <summary>PostgreSQL with the tables in Storage/Migrations.</summary>
public sealed class PostgresStorageDatabase() : PostgresTestDatabase(typeof(PostgresStorageDatabase).Assembly, isStoppable: true);
