using Grpc.Core;
using Grpc.Net.Client;
using Pltfrms.Iam.Token.V1;
using Testing.Databases;
using Token.Tests.Hosting;

namespace Token.Tests.Feeds;

/// <summary>A token service whose realms change when the test says so, and its clients.</summary>
internal sealed class FeedService : IAsyncDisposable
{
    private readonly List<GrpcChannel> _channels = [];
    private TokenReplica _replica = null!;

    public PushedRealms Realms { get; } = new();

    public TokenReplica Replica => _replica;

    public DecisionFeedService.DecisionFeedServiceClient Feed { get; private set; } = null!;

    /// <param name="database">The database.</param>
    /// <param name="settings">Besides those that make tests quick.</param>
    public static Task<FeedService> StartAsync(TestDatabase database, params (string Name, string Value)[] settings) =>
        StartAsync(database, TimeProvider.System, settings);

    public static async Task<FeedService> StartAsync(TestDatabase database, TimeProvider clock, params (string Name, string Value)[] settings)
    {
        var service = new FeedService();
        service.Realms.Set(TestRealm.Id, FeedRealm.Resources(TestRealm.Id));
        var all = new Dictionary<string, string?>(database.Settings) { ["Feeds:HeartbeatInterval"] = "00:00:00.1" };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        service._replica = await TokenReplica.StartAsync(all, service.Realms, clock);
        service.Feed = service.NewClient();
        return service;
    }

    /// <summary>With connections of its own.</summary>
    public DecisionFeedService.DecisionFeedServiceClient NewClient()
    {
        var channel = GrpcChannel.ForAddress(
            _replica.GrpcAddress, new() { HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true } });
        _channels.Add(channel);
        return new(channel);
    }

    /// <summary>A token of a client that may check permissions and introspect.</summary>
    public Task<string> ApiTokenAsync() => _replica.IssueAsync(TestRealm.Id, "demo-api", TestRealm.ApiSecret);

    public WatchedView Watch(params string[] audiences) => new(Feed, TokenReplica.Operator, TestRealm.Id, audiences);

    public async Task<WatchedView> WatchAsApiAsync(params string[] audiences) =>
        new(Feed, TokenReplica.Bearer(await ApiTokenAsync()), TestRealm.Id, audiences);

    /// <summary>Begins to watch a realm that was not there a moment ago, which is remembered for a while.</summary>
    public async Task FoundAsync(WatchedView watcher)
    {
        while (true)
        {
            try
            {
                watcher.Connect();
                await watcher.ReachAsync(1);
                return;
            }
            catch (RpcException absent) when (absent.StatusCode == StatusCode.NotFound)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _channels.ForEach(channel => channel.Dispose());
        await _replica.DisposeAsync();
    }
}
