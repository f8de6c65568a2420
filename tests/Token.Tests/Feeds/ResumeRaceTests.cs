using Grpc.Core;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Feeds;
using Token.Tests.Hosting;

namespace Token.Tests.Feeds;

/// <summary>Watchers whose streams are cut again and again while the realm changes.</summary>
public sealed class ResumeRaceTests : IAsyncLifetime
{
    private const int Changes = 300;

    private readonly SqliteTokenDatabase _database = new();
    private FeedService _service = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _service = await FeedService.StartAsync(_database, ("Feeds:HistoryLength", "32"));
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task No_event_is_lost_or_comes_twice_wherever_streams_are_cut(int seed)
    {
        var token = await _service.ApiTokenAsync();
        var watchers = Enumerable.Range(0, 8)
            .Select(i => (Watcher: new WatchedView(_service.Feed, i % 2 == 0 ? TokenReplica.Operator : TokenReplica.Bearer(token), TestRealm.Id), Random: new Random((seed * 100) + i)))
            .ToList();
        var watching = watchers.Select(w => Task.Run(() => WatchWithCutsAsync(w.Watcher, w.Random, Changes + 1))).ToList();
        var random = new Random(seed);
        for (var i = 0; i < Changes; i++)
        {
            Change(random);
            if (random.Next(4) == 0)
            {
                await Task.Delay(random.Next(8));
            }
        }

        await Task.WhenAll(watching);

        var realm = _service.Realms.Snapshot(TestRealm.Id);
        Assert.Equal(Changes + 1, realm.Revision);
        foreach (var (watcher, _) in watchers)
        {
            Assert.Equal(realm.Revision, watcher.Revision);
            var audiences = watcher.View!.AllAudiences ? ViewAudiences.All : ViewAudiences.Of(realm, new() { Kind = default, Id = "operator" }, watcher.View.Audiences);
            FeedRealm.AssertSame(new ViewState(realm, audiences).Resources(), watcher.Realm!);
            watcher.Dispose();
        }
    }

    private static async Task WatchWithCutsAsync(WatchedView watcher, Random random, long revision)
    {
        while (watcher.Revision < revision)
        {
            watcher.Connect();
            try
            {
                for (var events = random.Next(1, 30); events > 0 && watcher.Revision < revision; events--)
                {
                    await watcher.NextAsync();
                }
            }
            catch (RpcException slow) when (slow.StatusCode == StatusCode.Aborted)
            {
                // The history is short on purpose; it goes on with a new stream.
            }
        }
    }

    private void Change(Random random)
    {
        var roleId = $"role-{random.Next(3)}";
        switch (random.Next(5))
        {
            case 0:
                _service.Realms.Change(TestRealm.Id, new Role { RealmId = TestRealm.Id, RoleId = roleId, Permissions = random.Next(2) == 0 ? ["invoices.read"] : ["files.read"] });
                break;
            case 1:
                _service.Realms.Remove(TestRealm.Id, ResourceKind.RoleBinding, $"binding-{random.Next(20)}");
                break;
            default:
                _service.Realms.Change(TestRealm.Id, TestRealm.Binding(TestRealm.Id, $"binding-{random.Next(20)}", MemberType.User, "alice", roleId, null));
                break;
        }
    }
}
