using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Delegations;
using Pltfrms.Iam.RealmAdmin.Organizations;
using Pltfrms.Iam.RealmAdmin.Storage;
using Pltfrms.Iam.RealmAdmin.Users;
using Testing.Databases;

namespace RealmAdmin.Tests.Storage;

public abstract class DelegationStoreContract(TestDatabase fixture) : ResourceStoreContract<DelegationRecord>(fixture, new DelegationStore())
{
    private readonly DelegationStore _store = new();

    protected override DelegationRecord Sample(string realmId, string id) => Samples.Delegation(realmId, id) with { OrganizationId = null };

    protected override DelegationRecord Changed(DelegationRecord sample) => new()
    {
        RealmId = sample.RealmId,
        DelegationId = sample.DelegationId,
        DelegatorId = "v",
        DelegateType = MemberType.User,
        DelegateId = "u",
        Scopes = ["b.read"],
        OrganizationId = "o",
        CreatedAt = Samples.Instant.AddHours(1),
    };

    protected override Task PrepareAsync() => WriteAsync(async session =>
    {
        await new OrganizationStore().UpsertAsync(session, Samples.Organization(RealmId, "o"), default);
        foreach (var userId in new[] { "u", "v" })
        {
            await new UserStore().UpsertAsync(session, new User { RealmId = RealmId, UserId = userId }, default);
        }
    });

    [StorageFact]
    public async Task Lists_and_counts_keep_to_every_filter_that_is_set()
    {
        DelegationRecord[] all =
        [
            Sample(RealmId, "d0"),
            Sample(RealmId, "d1") with { DelegatorId = "v", OrganizationId = "o" },
            Sample(RealmId, "d2") with { DelegateType = MemberType.User, DelegateId = "v" },
            // A user is not the client of the same name.
            Sample(RealmId, "d3") with { DelegatorId = "v", DelegateType = MemberType.User, DelegateId = "c" },
        ];
        await WriteAsync(session => Store.UpsertAsync(session, all, default));

        Assert.Equal(all, await ListAsync(new()));
        Assert.Equal([all[0], all[2]], await ListAsync(new() { DelegatorId = "u" }));
        Assert.Equal([all[0], all[1]], await ListAsync(new() { DelegateType = MemberType.Client, DelegateId = "c" }));
        Assert.Equal([all[3]], await ListAsync(new() { DelegateType = MemberType.User, DelegateId = "c" }));
        Assert.Equal([all[1]], await ListAsync(new() { OrganizationId = "o" }));
        Assert.Equal([all[1]], await ListAsync(new() { DelegatorId = "v", DelegateType = MemberType.Client, DelegateId = "c", OrganizationId = "o" }));
        Assert.Empty(await ListAsync(new() { DelegatorId = "u", OrganizationId = "o" }));
        var page = await ReadAsync(session => _store.ListByAsync(session, RealmId, new() { DelegatorId = "u" }, new("d0", 1), default));
        Assert.Equal([all[2]], page);
        Assert.Equal([all[1]], await ReadAsync(session => _store.ListAsync(session, RealmId, PageRange.All with { Within = ["o"] }, default)));
        var within = PageRange.All with { Within = ["o"] };
        Assert.Empty(await ReadAsync(session => _store.ListByAsync(session, RealmId, new() { DelegatorId = "u" }, within, default)));
    }

    /// <summary>And the count is of what is listed.</summary>
    private async Task<IReadOnlyList<DelegationRecord>> ListAsync(DelegationFilter filter)
    {
        var found = await ReadAsync(session => _store.ListByAsync(session, RealmId, filter, PageRange.All, default));
        Assert.Equal(found.Count, await ReadAsync(session => _store.CountByAsync(session, RealmId, filter, default)));
        return found;
    }
}

public sealed class SqliteDelegationStoreTests(SqliteRealmAdminDatabase fixture) : DelegationStoreContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresDelegationStoreTests(PostgresRealmAdminDatabase fixture) : DelegationStoreContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
