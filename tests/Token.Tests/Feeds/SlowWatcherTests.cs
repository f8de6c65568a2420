using Grpc.Core;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Feeds;
using Token.Tests.Hosting;

namespace Token.Tests.Feeds;

/// <summary>A watcher that takes nothing costs others nothing, and finds its way back.</summary>
public sealed class SlowWatcherTests : IAsyncLifetime
{
    private const int UsersPerChange = 500;

    private readonly SqliteTokenDatabase _database = new();
    private FeedService _service = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _service = await FeedService.StartAsync(_database, ("Feeds:WriteTimeout", "00:00:00.3"), ("Feeds:HistoryLength", "16"));
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_slow_watcher_is_let_go_and_goes_on_while_a_fast_one_misses_nothing()
    {
        using var slow = new WatchedView(_service.NewClient(), TokenReplica.Operator, TestRealm.Id);
        using var fast = _service.Watch();
        slow.Connect();
        await slow.ReachAsync(1);
        fast.Connect();
        await fast.ReachAsync(1);

        // Much more than buffers between the two of them hold.
        var revision = 1L;
        for (var i = 0; i < 60; i++)
        {
            revision = _service.Realms.Change(TestRealm.Id, [.. Users(i)]);
            await fast.ReachAsync(revision);
        }

        Assert.Equal(1, fast.Snapshots);
        var end = await slow.EndAsync();
        Assert.True(slow.Revision < revision);
        if (end.StatusCode == StatusCode.Aborted)
        {
            Assert.Equal("WATCHER_TOO_SLOW", Refusals.ReasonOf(end));
        }

        slow.Connect();
        await slow.ReachAsync(revision);
        FeedRealm.AssertSame(new ViewState(_service.Realms.Snapshot(TestRealm.Id), ViewAudiences.All).Resources(), slow.Realm!);
    }

    private static IEnumerable<IRealmResource> Users(int change) => Enumerable.Range(0, UsersPerChange).Select(
        i => new User { RealmId = TestRealm.Id, UserId = $"a-user-with-a-long-name-so-that-it-takes-its-room-{i:D6}", GroupIds = [$"group-{change}"] });
}
