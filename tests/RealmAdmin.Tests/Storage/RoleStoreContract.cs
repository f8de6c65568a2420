using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Roles;
using Testing.Databases;

namespace RealmAdmin.Tests.Storage;

public abstract class RoleStoreContract(TestDatabase fixture) : ResourceStoreContract<Role>(fixture, new RoleStore())
{
    protected override Role Sample(string realmId, string id) => Samples.Role(realmId, id);

    protected override Role Changed(Role sample) => new() { RealmId = sample.RealmId, RoleId = sample.RoleId };
}

public sealed class SqliteRoleStoreTests(SqliteRealmAdminDatabase fixture) : RoleStoreContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresRoleStoreTests(PostgresRealmAdminDatabase fixture) : RoleStoreContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
