using Pltfrms.Iam.RealmAdmin;
using Pltfrms.Iam.RealmAdmin.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Storage;

/// <summary>SQLite with realm-admin's tables.</summary>
public sealed class SqliteRealmAdminDatabase : SqliteTestDatabase
{
    public SqliteRealmAdminDatabase()
        : base(typeof(RealmAdminHost).Assembly) => StoredTypes.Register();
}

/// <summary>PostgreSQL with realm-admin's tables, for tests of outages.</summary>
public sealed class StoppablePostgresRealmAdminDatabase : PostgresTestDatabase
{
    public StoppablePostgresRealmAdminDatabase()
        : base(typeof(RealmAdminHost).Assembly, isStoppable: true) => StoredTypes.Register();
}

/// <summary>PostgreSQL with realm-admin's tables.</summary>
public sealed class PostgresRealmAdminDatabase : PostgresTestDatabase
{
    public PostgresRealmAdminDatabase()
        : base(typeof(RealmAdminHost).Assembly) => StoredTypes.Register();
}
