using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Groups;
using Testing.Databases;

namespace RealmAdmin.Tests.Storage;

public abstract class GroupStoreContract(TestDatabase fixture) : ResourceStoreContract<Group>(fixture, new GroupStore())
{
    protected override Group Sample(string realmId, string id) => Samples.Group(realmId, id);

    protected override Group Changed(Group sample) => new() { RealmId = sample.RealmId, GroupId = sample.GroupId };
}

public sealed class SqliteGroupStoreTests(SqliteRealmAdminDatabase fixture) : GroupStoreContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresGroupStoreTests(PostgresRealmAdminDatabase fixture) : GroupStoreContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
