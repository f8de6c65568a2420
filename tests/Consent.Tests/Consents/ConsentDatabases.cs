using Pltfrms.Iam.Consent;
using Testing.Databases;

namespace Consent.Tests.Consents;

public sealed class SqliteConsentDatabase() : SqliteTestDatabase(typeof(ConsentHost).Assembly);

public sealed class PostgresConsentDatabase() : PostgresTestDatabase(typeof(ConsentHost).Assembly);
