using Pltfrms.Iam.Common.Realms.Model;
using Token.Tests.Hosting;

namespace Token.Tests.Feeds;

/// <summary>What thousands of watchers cost one replica.</summary>
public sealed class ManyWatchersTests : IAsyncLifetime
{
    private const int Watchers = 2000;

    private readonly SqliteTokenDatabase _database = new();
    private FeedService _service = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _service = await FeedService.StartAsync(_database, ("Feeds:MaxWatchersPerCaller", "3000"), ("Feeds:HeartbeatInterval", "00:00:02"), ("Feeds:WriteTimeout", "00:00:30"));
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Two_thousand_watchers_all_get_each_change_and_share_what_is_kept_for_them()
    {
        var before = Memory();
        var watchers = Enumerable.Range(0, Watchers).Select(_ => _service.Watch()).ToList();
        foreach (var some in watchers.Chunk(100))
        {
            await Task.WhenAll(some.Select(async watcher =>
            {
                watcher.Connect();
                await watcher.ReachAsync(1);
            }));
        }

        var revision = 1L;
        for (var i = 0; i < 5; i++)
        {
            revision = _service.Realms.Change(TestRealm.Id, TestRealm.Binding(TestRealm.Id, $"b-{i}", MemberType.User, "bob", "viewer", null));
            await Task.WhenAll(watchers.Select(watcher => watcher.ReachAsync(revision)));
        }

        Assert.All(watchers, watcher => Assert.Equal((1, 6L), (watcher.Snapshots, watcher.Revision)));

        // Of both ends together, and the client's has a compiled realm for each.
        var perWatcher = (Memory() - before) / Watchers;
        Assert.True(perWatcher < 400 * 1024, $"A watcher costs {perWatcher} bytes.");
        watchers.ForEach(watcher => watcher.Dispose());
    }

    private static long Memory() => GC.GetTotalMemory(forceFullCollection: true);
}
