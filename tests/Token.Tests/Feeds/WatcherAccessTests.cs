using Grpc.Core;
using Pltfrms.Iam.Common.Realms.Model;
using Token.Tests.Dpop;
using Token.Tests.Hosting;

namespace Token.Tests.Feeds;

/// <summary>Who may watch, and until when.</summary>
public sealed class WatcherAccessTests : IAsyncLifetime
{
    private readonly SqliteTokenDatabase _database = new();
    private FeedService _service = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _service = await FeedService.StartAsync(
            _database, ("Feeds:MaxWatchers", "4"), ("Feeds:MaxWatchersPerCaller", "2"), ("RealmFeed:StaleAfter", "00:00:00.5"));
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_client_of_no_resource_server_or_of_another_is_refused()
    {
        // It has every iam permission.
        var token = await _service.Replica.IssueAsync(TestRealm.Id, "demo-operator", TestRealm.OperatorSecret);
        using var watcher = new WatchedView(_service.Feed, TokenReplica.Bearer(token), TestRealm.Id);
        watcher.Connect();
        Assert.Equal("PERMISSION_DENIED", Refusals.ReasonOf(await watcher.EndAsync()));

        using var curious = await _service.WatchAsApiAsync(TestRealm.Files);
        curious.Connect();
        Assert.Equal("PERMISSION_DENIED", Refusals.ReasonOf(await curious.EndAsync()));
        Assert.Empty(curious.Events);
    }

    [Fact]
    public async Task A_client_that_is_disabled_watches_no_more()
    {
        using var watcher = await _service.WatchAsApiAsync();
        watcher.Connect();
        await watcher.ReachAsync(1);

        _service.Realms.Change(TestRealm.Id, _service.Realms.Find<Client>(TestRealm.Id, ResourceKind.Client, "demo-api") with { Disabled = true });

        Assert.Equal(StatusCode.Unauthenticated, (await watcher.EndAsync()).StatusCode);
    }

    [Fact]
    public async Task A_client_whose_permission_is_taken_away_watches_no_more()
    {
        using var watcher = await _service.WatchAsApiAsync();
        watcher.Connect();
        using var revocations = new WatchedRevocations(_service.Feed, TokenReplica.Bearer(await _service.ApiTokenAsync()), TestRealm.Id);
        revocations.Connect();
        await watcher.ReachAsync(1);
        await revocations.BeatAsync();

        _service.Realms.Remove(TestRealm.Id, ResourceKind.RoleBinding, "b-api");

        Assert.Equal(StatusCode.PermissionDenied, (await watcher.EndAsync()).StatusCode);
        Assert.Equal(StatusCode.PermissionDenied, (await revocations.EndAsync()).StatusCode);
    }

    [Fact]
    public async Task A_watcher_proves_the_key_of_its_token_once_for_as_long_as_it_watches()
    {
        var proofs = new ProofMaker(DpopBench.Key, "POST", $"{TokenReplica.Issuer(TestRealm.Id)}/oauth2/token", TimeProvider.System.GetUtcNow());
        var issued = await _service.Replica.Tokens.IssueTokenAsync(
            new() { RealmId = TestRealm.Id, ClientId = "demo-api", ClientSecret = TestRealm.ApiSecret, DpopProof = proofs.Make(), ClientCredentials = new() });
        var watching = proofs with { Address = $"{_service.Replica.GrpcAddress}/pltfrms.iam.token.v1.DecisionFeedService/WatchRealm", AccessToken = issued.AccessToken };
        var headers = DpopBench.Bound(issued.AccessToken, watching.Make());
        using var watcher = new WatchedView(_service.Feed, headers, TestRealm.Id);
        watcher.Connect();

        // With each heartbeat it is looked at whether the watcher still may.
        while (watcher.Events.Count(next => next.Heartbeat is not null) < 5)
        {
            await watcher.NextAsync();
        }

        using var thief = new WatchedView(_service.Feed, headers, TestRealm.Id);
        thief.Connect();
        Assert.Equal("INVALID_DPOP_PROOF", Refusals.ReasonOf(await thief.EndAsync()));
        await _service.Replica.Tokens.RevokeTokenAsync(new() { RealmId = TestRealm.Id, Token = issued.AccessToken }, TokenReplica.Operator);
        Assert.Equal(StatusCode.Unauthenticated, (await watcher.EndAsync()).StatusCode);
    }

    [Fact]
    public async Task A_watcher_whose_token_is_revoked_or_expires_watches_no_more()
    {
        var token = await _service.ApiTokenAsync();
        using var watcher = new WatchedView(_service.Feed, TokenReplica.Bearer(token), TestRealm.Id);
        watcher.Connect();
        await watcher.ReachAsync(1);
        await _service.Replica.Tokens.RevokeTokenAsync(new() { RealmId = TestRealm.Id, Token = token }, TokenReplica.Operator);
        Assert.Equal(StatusCode.Unauthenticated, (await watcher.EndAsync()).StatusCode);

        var revision = _service.Realms.Change(
            TestRealm.Id, _service.Realms.Find<Client>(TestRealm.Id, ResourceKind.Client, "demo-api") with { AccessTokenLifetime = TimeSpan.FromSeconds(2) });
        await _service.Replica.ReachAsync(TestRealm.Id, revision);
        using var shortLived = await _service.WatchAsApiAsync();
        shortLived.Connect();
        await shortLived.ReachAsync(revision);
        Assert.Equal(StatusCode.Unauthenticated, (await shortLived.EndAsync()).StatusCode);
    }

    [Fact]
    public async Task Who_comes_to_see_another_resource_server_gets_its_view()
    {
        using var watcher = await _service.WatchAsApiAsync();
        watcher.Connect();
        await watcher.ReachAsync(1);
        var before = watcher.View!.ViewId;

        _service.Realms.Change(
            TestRealm.Id, _service.Realms.Find<ResourceServer>(TestRealm.Id, ResourceKind.ResourceServer, TestRealm.Files) with { ClientId = "demo-api" });
        while (watcher.Snapshots < 2)
        {
            await watcher.NextAsync();
        }

        Assert.NotEqual(before, watcher.View.ViewId);
        Assert.Equal([TestRealm.Api, TestRealm.Files], watcher.View.Audiences);
        Assert.NotNull(watcher.Realm!.FindRole("file-reader"));

        _service.Realms.Change(
            TestRealm.Id, _service.Realms.Find<ResourceServer>(TestRealm.Id, ResourceKind.ResourceServer, TestRealm.Api) with { ClientId = "demo-web" });
        while (watcher.Snapshots < 3)
        {
            await watcher.NextAsync();
        }

        Assert.Equal([TestRealm.Files], watcher.View.Audiences);
        Assert.Null(watcher.Realm.FindRole("viewer"));
    }

    [Fact]
    public async Task One_caller_may_not_take_all_places_and_leaves_its_own_when_it_goes()
    {
        using var first = await _service.WatchAsApiAsync();
        using var second = await _service.WatchAsApiAsync();
        using var third = await _service.WatchAsApiAsync();
        first.Connect();
        second.Connect();
        await first.ReachAsync(1);
        await second.ReachAsync(1);

        third.Connect();
        var refusal = await third.EndAsync();
        Assert.Equal((StatusCode.ResourceExhausted, "TOO_MANY_REQUESTS"), (refusal.StatusCode, Refusals.ReasonOf(refusal)));

        using var another = _service.Watch();
        another.Connect();
        await another.ReachAsync(1);

        first.Dispose();
        await TakePlaceAsync(third);
    }

    [Fact]
    public async Task Heartbeats_stop_while_nobody_can_say_that_nothing_is_missing()
    {
        using var watcher = _service.Watch();
        watcher.Connect();
        var before = await watcher.BeatAsync(1);

        _service.Realms.IsSilent = true;
        var last = before;
        while (await HeartbeatWithinAsync(watcher, TimeSpan.FromSeconds(2)) is { } next)
        {
            Assert.True(next.Age.ToTimeSpan() <= TimeSpan.FromSeconds(0.5));
            Assert.True(next.AsOfTime.ToDateTimeOffset() >= last.AsOfTime.ToDateTimeOffset().AddMilliseconds(-1));
            last = next;
        }

        _service.Realms.IsSilent = false;
        await _reading!;
        Assert.Equal(1, watcher.Snapshots);
    }

    private Task<Pltfrms.Iam.Token.V1.WatchRealmResponse>? _reading;

    /// <summary>Null: none came, and whoever reads still waits for it.</summary>
    private async Task<Pltfrms.Iam.Token.V1.FeedHeartbeat?> HeartbeatWithinAsync(WatchedView watcher, TimeSpan patience)
    {
        _reading = watcher.NextAsync();
        return await Task.WhenAny(_reading, Task.Delay(patience)) == _reading ? (await _reading).Heartbeat : null;
    }

    private static async Task TakePlaceAsync(WatchedView watcher)
    {
        while (true)
        {
            try
            {
                watcher.Connect();
                await watcher.ReachAsync(1);
                return;
            }
            catch (RpcException full) when (full.StatusCode == StatusCode.ResourceExhausted)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20));
            }
        }
    }
}
