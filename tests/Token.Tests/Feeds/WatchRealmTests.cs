using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Feeds;
using Testing;
using Token.Tests.Hosting;
using static Pltfrms.Iam.Token.V1.WatchRealmResponse;

namespace Token.Tests.Feeds;

public sealed class WatchRealmTests : IAsyncLifetime
{
    private readonly SqliteTokenDatabase _database = new();
    private FeedService _service = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _service = await FeedService.StartAsync(_database);
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_stream_is_what_it_is_about_a_snapshot_heartbeats_and_then_each_change()
    {
        using var watcher = _service.Watch();
        watcher.Connect();
        await watcher.BeatAsync(1);

        Assert.Equal(EventOneofCase.View, watcher.Events[0].EventCase);
        Assert.Equal(EventOneofCase.SnapshotPart, watcher.Events[1].EventCase);
        Assert.All(watcher.Events.Skip(2), e => Assert.Equal(EventOneofCase.Heartbeat, e.EventCase));
        AssertSame(watcher);

        var revision = _service.Realms.Remove(TestRealm.Id, ResourceKind.RoleBinding, "b-bob");
        await watcher.ReachAsync(revision);

        var delta = watcher.Events[^1].Delta;
        Assert.Empty(delta.Upserts);
        var deleted = Assert.Single(delta.Deletes);
        Assert.Equal(("role_binding", "b-bob"), (deleted.ResourceKind, deleted.ResourceId));
        AssertSame(watcher);
        Assert.Equal(revision, (await watcher.BeatAsync(revision)).Position);
    }

    [Fact]
    public async Task Changes_that_are_heard_at_one_time_by_the_clock_are_all_told_in_order()
    {
        await using var service = await FeedService.StartAsync(_database, new TwoClocks(ahead: TimeSpan.Zero));
        using var watcher = service.Watch();
        watcher.Connect();
        await watcher.ReachAsync(1);

        service.Realms.Remove(TestRealm.Id, ResourceKind.RoleBinding, "b-bob");
        service.Realms.Remove(TestRealm.Id, ResourceKind.RoleBinding, "b-files");
        await watcher.ReachAsync(service.Realms.Remove(TestRealm.Id, ResourceKind.Role, "file-reader"));

        FeedRealm.AssertSame(new ViewState(service.Realms.Snapshot(TestRealm.Id), ViewAudiences.All).Resources(), watcher.Realm!);
    }

    [Fact]
    public async Task A_client_sees_the_resource_servers_that_it_is_the_client_of()
    {
        using var watcher = await _service.WatchAsApiAsync();
        watcher.Connect();
        await watcher.ReachAsync(1);

        Assert.False(watcher.View!.AllAudiences);
        Assert.Equal([TestRealm.Api], watcher.View.Audiences);
        Assert.Null(watcher.Realm!.FindResourceServer(TestRealm.Files));
        Assert.Null(watcher.Realm.FindRole("file-reader"));
        Assert.Null(watcher.Realm.Find(ResourceKind.RoleBinding, "b-files"));
        Assert.Null(watcher.Realm.Find(ResourceKind.RoleBinding, "b-operator"));
        Assert.NotNull(watcher.Realm.Find(ResourceKind.RoleBinding, "b-bob"));
        Assert.Equal(["bookkeeping", "invoices.create", "invoices.read"], watcher.Realm.FindClient("demo-service")!.Scopes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_others_see_of_a_change_moves_the_revision_on_and_says_nothing()
    {
        using var watcher = await _service.WatchAsApiAsync();
        watcher.Connect();
        await watcher.ReachAsync(1);

        await watcher.ReachAsync(_service.Realms.Change(TestRealm.Id, TestRealm.Binding(TestRealm.Id, "b-more", MemberType.User, "alice", "file-reader", null)));
        await watcher.ReachAsync(_service.Realms.Change(TestRealm.Id, _service.Realms.Find<User>(TestRealm.Id, ResourceKind.User, "alice") with { DisplayName = "Alice" }));
        await watcher.ReachAsync(_service.Realms.Remove(TestRealm.Id, ResourceKind.RoleBinding, "b-more"));

        var deltas = watcher.Events.Select(e => e.Delta).OfType<Pltfrms.Iam.RealmAdmin.V1.RealmDelta>().ToList();
        Assert.Equal([2L, 3, 4], deltas.Select(delta => delta.Revision));
        Assert.All(deltas, delta => Assert.Equal(0, delta.Upserts.Count + delta.Deletes.Count));
    }

    [Fact]
    public async Task A_cut_stream_goes_on_where_it_was()
    {
        using var watcher = _service.Watch();
        watcher.Connect();
        await watcher.ReachAsync(1);
        watcher.Dispose();
        _service.Realms.Remove(TestRealm.Id, ResourceKind.RoleBinding, "b-bob");
        var revision = _service.Realms.Remove(TestRealm.Id, ResourceKind.Role, "file-reader");

        // Another has seen them: the stream is past both.
        using var other = _service.Watch();
        other.Connect();
        await other.ReachAsync(revision);
        watcher.Connect();
        await watcher.ReachAsync(revision);

        Assert.Equal(1, watcher.Snapshots);
        AssertSame(watcher);
    }

    [Fact]
    public async Task A_revision_that_is_not_known_or_is_of_another_view_brings_a_snapshot()
    {
        using var watcher = _service.Watch();
        watcher.Connect();
        await watcher.BeatAsync(1);
        watcher.Connect();
        await watcher.BeatAsync(1);
        Assert.Equal(1, watcher.Snapshots);

        using var call = _service.Feed.WatchRealm(
            new()
            {
                RealmId = TestRealm.Id,
                AfterRevision = 1,
                CreateTime = Pltfrms.Iam.Common.Realms.Mapping.WireValues.ToWire(watcher.Realm!.Realm.CreatedAt),
                ViewId = watcher.View!.ViewId,
                Audiences = { TestRealm.Files },
            },
            TokenReplica.Operator);
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.NotEqual(watcher.View.ViewId, call.ResponseStream.Current.View.ViewId);
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(EventOneofCase.SnapshotPart, call.ResponseStream.Current.EventCase);
    }

    [Fact]
    public async Task A_deleted_realm_ends_its_streams_and_one_made_again_is_another()
    {
        using var watcher = _service.Watch();
        watcher.Connect();
        await watcher.ReachAsync(1);

        _service.Realms.Delete(TestRealm.Id);
        Assert.Equal("REALM_NOT_FOUND", Refusals.ReasonOf(await watcher.EndAsync()));

        var again = FeedRealm.Resources(TestRealm.Id).Select(r => r is Realm realm ? realm with { CreatedAt = DateTimeOffset.UnixEpoch.AddYears(56) } : r);
        _service.Realms.Set(TestRealm.Id, [.. again]);
        using var fresh = _service.Watch();
        await _service.FoundAsync(fresh);
        Assert.Equal(1, fresh.Revision);
        watcher.Connect();
        Assert.Equal("REALM_NOT_FOUND", Refusals.ReasonOf(await watcher.EndAsync()));
    }

    [Fact]
    public async Task A_disabled_realm_ends_its_streams()
    {
        using var watcher = _service.Watch();
        watcher.Connect();
        await watcher.ReachAsync(1);

        _service.Realms.Change(TestRealm.Id, _service.Realms.Find<Realm>(TestRealm.Id, ResourceKind.Realm, TestRealm.Id) with { Disabled = true });

        Assert.Equal("REALM_NOT_FOUND", Refusals.ReasonOf(await watcher.EndAsync()));
    }

    [Fact]
    public async Task A_client_is_told_that_its_realm_is_disabled_and_not_that_its_token_is_bad()
    {
        using var watcher = await _service.WatchAsApiAsync();
        watcher.Connect();
        await watcher.ReachAsync(1);

        _service.Realms.Change(TestRealm.Id, _service.Realms.Find<Realm>(TestRealm.Id, ResourceKind.Realm, TestRealm.Id) with { Disabled = true });

        Assert.Equal("REALM_NOT_FOUND", Refusals.ReasonOf(await watcher.EndAsync()));
    }

    private void AssertSame(WatchedView watcher) =>
        FeedRealm.AssertSame(new ViewState(_service.Realms.Snapshot(TestRealm.Id), ViewAudiences.All).Resources(), watcher.Realm!);
}
