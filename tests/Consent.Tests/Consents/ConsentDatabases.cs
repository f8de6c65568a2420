using Pltfrms.Iam.Consent;
using Pltfrms.Iam.Consent.Storage;
using Testing.Databases;

namespace Consent.Tests.Consents;

public sealed class SqliteConsentDatabase : SqliteTestDatabase
{
    public SqliteConsentDatabase()
        : base(typeof(ConsentHost).Assembly) => StoredTypes.Register();
}

public sealed class PostgresConsentDatabase : PostgresTestDatabase
{
    public PostgresConsentDatabase()
        : base(typeof(ConsentHost).Assembly) => StoredTypes.Register();
}
