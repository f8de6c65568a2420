using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Hosting;

namespace RealmAdmin.Tests.Feed;

/// <summary>One watcher's stream, read event by event.</summary>
internal sealed class Watcher : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly AsyncServerStreamingCall<WatchRealmResponse> _call;

    public Watcher(RealmAdminServer server, string realmId, long afterRevision = 0, Timestamp? createTime = null, bool withoutHeartbeats = false) =>
        _call = server.Feed.WatchRealm(
            new() { RealmId = realmId, AfterRevision = afterRevision, CreateTime = createTime, WithoutHeartbeats = withoutHeartbeats },
            RealmAdminServer.Operator);

    /// <summary>The next event of any kind; null: the stream has ended.</summary>
    public async Task<WatchRealmResponse?> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _call.ResponseStream.MoveNext(patience.Token) ? _call.ResponseStream.Current : null;
    }

    public async Task<WatchRealmResponse> NextButHeartbeatsAsync()
    {
        while (true)
        {
            var next = await NextAsync() ?? throw new InvalidOperationException("The stream has ended.");
            if (next.EventCase != WatchRealmResponse.EventOneofCase.Heartbeat)
            {
                return next;
            }
        }
    }

    /// <summary>All parts of a snapshot, joined.</summary>
    public async Task<(RealmSnapshotPart Snapshot, int Parts)> SnapshotAsync()
    {
        var all = new RealmSnapshotPart();
        for (var parts = 1; ; parts++)
        {
            var next = await NextButHeartbeatsAsync();
            Assert.Equal(WatchRealmResponse.EventOneofCase.SnapshotPart, next.EventCase);
            Assert.True(all.Revision == 0 || all.Revision == next.SnapshotPart.Revision);
            all.MergeFrom(next.SnapshotPart);
            if (next.SnapshotPart.Last)
            {
                return (all, parts);
            }
        }
    }

    public async Task<RealmDelta> DeltaAsync()
    {
        var next = await NextButHeartbeatsAsync();
        Assert.Equal(WatchRealmResponse.EventOneofCase.Delta, next.EventCase);
        return next.Delta;
    }

    public async Task<Heartbeat> HeartbeatAsync()
    {
        while (true)
        {
            var next = await NextAsync() ?? throw new InvalidOperationException("The stream has ended.");
            if (next.EventCase == WatchRealmResponse.EventOneofCase.Heartbeat)
            {
                return next.Heartbeat;
            }
        }
    }

    public void Dispose() => _call.Dispose();
}
