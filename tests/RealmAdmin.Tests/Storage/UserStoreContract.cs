using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Groups;
using Pltfrms.Iam.RealmAdmin.Organizations;
using Pltfrms.Iam.RealmAdmin.Storage;
using Pltfrms.Iam.RealmAdmin.Users;
using Testing.Databases;

namespace RealmAdmin.Tests.Storage;

public abstract class UserStoreContract(TestDatabase fixture) : ResourceStoreContract<User>(fixture, new UserStore())
{
    protected override IReadOnlyList<string> Ids => ["Z", "a", "a@b.example", "auth0|1", "b"];

    protected override User Sample(string realmId, string id) => Samples.User(realmId, id);

    protected override User Changed(User sample) => new()
    {
        RealmId = sample.RealmId,
        UserId = sample.UserId,
        OrganizationIds = ["o1", "o2"],
        GroupIds = ["g1"],
        ExternalIdentities = [sample.ExternalIdentities[1]],
    };

    protected override Task PrepareAsync() => WriteAsync(async session =>
    {
        await new OrganizationStore().UpsertAsync(session, Samples.Organization(RealmId, "o1"), default);
        await new OrganizationStore().UpsertAsync(session, Samples.Organization(RealmId, "o2"), default);
        await new GroupStore().UpsertAsync(session, Samples.Group(RealmId, "g1"), default);
        await new GroupStore().UpsertAsync(session, Samples.Group(RealmId, "g2"), default);
    });

    [StorageFact]
    public async Task The_members_of_a_group_are_listed_in_pages_with_all_their_parts()
    {
        var users = new[] { "a", "b", "c" }
            .Select(id => Samples.User(RealmId, id) with { GroupIds = id == "b" ? ["g2"] : ["g1", "g2"], OrganizationIds = ["o1"] })
            .ToList();
        await WriteAsync(async session =>
        {
            foreach (var user in users)
            {
                await Store.UpsertAsync(session, user, default);
            }
        });

        var store = new UserStore();
        Assert.Equal([users[0], users[2]], await ReadAsync(session => store.ListByAsync(session, RealmId, new() { GroupId = "g1" }, PageRange.All, default)));
        Assert.Equal([users[1]], await ReadAsync(session => store.ListByAsync(session, RealmId, new() { GroupId = "g2" }, new("a", 1), default)));
        Assert.Empty(await ReadAsync(session => store.ListByAsync(session, RealmId, new() { GroupId = "nobody" }, PageRange.All, default)));
    }

    [StorageFact]
    public async Task An_external_identity_of_another_user_is_taken()
    {
        var first = Samples.User(RealmId, "first");
        await WriteAsync(session => Store.UpsertAsync(session, first, default));

        await Assert.ThrowsAsync<UniqueViolationException>(() => WriteAsync(session =>
            Store.UpsertAsync(session, Samples.User(RealmId, "second") with { ExternalIdentities = first.ExternalIdentities }, default)));
    }
}

public sealed class SqliteUserStoreTests(SqliteRealmAdminDatabase fixture) : UserStoreContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresUserStoreTests(PostgresRealmAdminDatabase fixture) : UserStoreContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
