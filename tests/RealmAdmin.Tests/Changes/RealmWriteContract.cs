using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Feed;
using Pltfrms.Iam.RealmAdmin.Realms;
using Pltfrms.Iam.RealmAdmin.Roles;
using Pltfrms.Iam.RealmAdmin.Storage;
using RealmAdmin.Tests.Storage;
using Testing;
using Testing.Databases;

namespace RealmAdmin.Tests.Changes;

public abstract class RealmWriteContract(TestDatabase fixture)
{
    private static readonly Caller Caller = new() { Kind = CallerKind.Operator, Id = "tester" };
    private readonly string _realmId = Samples.NewRealmId();
    private readonly RealmStore _realms = new();

    [StorageFact]
    public async Task Sixty_four_concurrent_writers_give_gapless_revisions_and_lose_nothing()
    {
        await CreateAsync(Writes());
        await using var replica = fixture.Connect();
        RealmWrites[] writes = [Writes(), new(replica, _realms, new(_realms), new(), TimeProvider.System)];

        var revisions = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(async () =>
        {
            await using var write = (await writes[i % 2].BeginAsync(_realmId, default))!;
            await write.ApplyAsync(new RealmChange(null, Samples.Role(_realmId, $"role-{i:d2}")), default);
            await write.CommitAsync(Caller, default);
            return write.Revision;
        })));

        Assert.Equal(Enumerable.Range(2, 64).Select(revision => (long)revision), revisions.Order());
        await using var session = await fixture.Database.BeginReadAsync(default);
        Assert.Equal(65, (await _realms.FindAsync(session, _realmId, default))!.Revision);
        Assert.Equal(64, (await new RoleStore().ListAsync(session, _realmId, PageRange.All, default)).Count);
        var log = await new ChangeLogStore().ListAsync(session, _realmId, EventPosition.After(0), 100, default);
        Assert.Equal(Enumerable.Range(1, 65).Select(revision => (long)revision), log.Select(row => row.Revision));
    }

    [StorageFact]
    public async Task Sixty_four_writers_who_all_want_to_make_the_realm_make_it_once()
    {
        var created = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
        {
            await using var write = await Writes().BeginOrCreateAsync(Samples.Realm(_realmId), default);
            await write.ApplyAsync(new RealmChange(null, Samples.Realm(_realmId)), default);
            await write.CommitAsync(Caller, default);
            return write.RealmCreated;
        })));

        Assert.Single(created, made => made);
        await using var session = await fixture.Database.OpenAsync(default);
        Assert.Equal(64, (await _realms.FindAsync(session, _realmId, default))!.Revision);
    }

    [StorageFact]
    public async Task What_is_not_committed_leaves_no_trace_and_no_gap()
    {
        await CreateAsync(Writes());
        await using (var abandoned = (await Writes().BeginAsync(_realmId, default))!)
        {
            await abandoned.ApplyAsync(new RealmChange(null, Samples.Role(_realmId, "r")), default);
            Assert.Equal(2, abandoned.Revision);
        }

        await using var next = (await Writes().BeginAsync(_realmId, default))!;
        Assert.Equal(2, next.Revision);
        Assert.Null(await new RoleStore().FindAsync(next.Session, _realmId, "r", default));
    }

    [StorageFact]
    public async Task A_realm_that_does_not_exist_cannot_be_written() => Assert.Null(await Writes().BeginAsync(_realmId, default));

    [StorageFact]
    public async Task The_log_says_who_changed_what_and_when_and_shows_no_hash()
    {
        await CreateAsync(Writes());
        var (before, after) = (Samples.Client(_realmId, "c"), Samples.Client(_realmId, "c") with { DisplayName = "Other", RedirectUris = [] });
        var clock = new FakeClock();
        var writes = new RealmWrites(fixture.Database, _realms, new(_realms), new(), clock);
        await using (var write = (await writes.BeginAsync(_realmId, default))!)
        {
            await write.ApplyAsync(new RealmChange(null, before), default);
            await write.ApplyAsync(new RealmChange(before, after), default);
            await write.ApplyAsync(new RealmChange(after, null), default);
            await write.CommitAsync(new Caller { Kind = CallerKind.Token, Id = "alice", RealmId = _realmId }, default);
        }

        await using var session = await fixture.Database.OpenAsync(default);
        var log = await new ChangeLogStore().ListAsync(session, _realmId, EventPosition.After(1), 10, default);
        Assert.Equal(["create", "update", "delete"], log.Select(row => row.ChangeKind));
        Assert.All(log, row => Assert.Equal(
            (2, clock.GetUtcNow(), "alice", "token", "client", "c"),
            (row.Revision, row.ChangedAt, row.Actor, row.ActorKind, row.ResourceKind, row.ResourceId)));
        Assert.Equal([null, log[0].StateAfter, log[1].StateAfter], log.Select(row => row.StateBefore));
        Assert.Null(log[2].StateAfter);
        Assert.Contains("\"secret_id\":\"s1\"", log[0].StateAfter!, StringComparison.Ordinal);
        Assert.DoesNotContain(before.Secrets[0].Sha256, log[0].StateAfter!, StringComparison.Ordinal);
        Assert.DoesNotContain("sha256", string.Concat(log), StringComparison.Ordinal);
    }

    private RealmWrites Writes() => new(fixture.Database, _realms, new RealmTables(_realms), new WatchedRealms(), TimeProvider.System);

    private async Task CreateAsync(RealmWrites writes)
    {
        await using var write = await writes.BeginOrCreateAsync(Samples.Realm(_realmId), default);
        await write.ApplyAsync(new RealmChange(null, Samples.Realm(_realmId)), default);
        await write.CommitAsync(Caller, default);
    }
}

public sealed class SqliteRealmWriteTests(SqliteRealmAdminDatabase fixture) : RealmWriteContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresRealmWriteTests(PostgresRealmAdminDatabase fixture)
    : RealmWriteContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
