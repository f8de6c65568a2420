using Grpc.Core;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.V1;

namespace Token.Tests.Feeds;

/// <summary>A client that watches a realm: keeps what it is told, and where it is.</summary>
internal sealed class WatchedView(DecisionFeedService.DecisionFeedServiceClient feed, Metadata headers, string realmId, params string[] audiences) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private AsyncServerStreamingCall<WatchRealmResponse>? _call;
    private CancellationTokenSource? _patience;
    private List<IRealmResource>? _parts;

    public RealmSnapshot? Realm { get; private set; }

    public RealmView? View { get; private set; }

    public FeedHeartbeat? Heartbeat { get; private set; }

    /// <summary>Every event, in order.</summary>
    public List<WatchRealmResponse> Events { get; } = [];

    public int Snapshots => Events.Count(e => e.SnapshotPart is { Last: true });

    public long Revision => Realm?.Revision ?? 0;

    /// <summary>Begins, or goes on where it was.</summary>
    public void Connect()
    {
        Dispose();
        _patience = new CancellationTokenSource(Patience);
        var request = new WatchRealmRequest
        {
            RealmId = realmId,
            AfterRevision = Revision,
            CreateTime = Realm is null ? null : WireValues.ToWire(Realm.Realm.CreatedAt),
            ViewId = View?.ViewId ?? "",
            Audiences = { audiences },
        };
        _call = feed.WatchRealm(request, headers, cancellationToken: _patience.Token);
    }

    /// <summary>The next event.</summary>
    /// <exception cref="RpcException">The stream ended.</exception>
    public async Task<WatchRealmResponse> NextAsync()
    {
        if (!await _call!.ResponseStream.MoveNext(_patience!.Token))
        {
            throw new InvalidOperationException("The stream ended without a reason.");
        }

        var next = _call.ResponseStream.Current;
        Events.Add(next);
        Take(next);
        return next;
    }

    public async Task<RealmSnapshot> ReachAsync(long revision)
    {
        while (Revision < revision)
        {
            await NextAsync();
        }

        return Realm!;
    }

    /// <summary>Until a heartbeat comes that says at least this.</summary>
    public async Task<FeedHeartbeat> BeatAsync(long position)
    {
        while (true)
        {
            if ((await NextAsync()).Heartbeat is { } heartbeat && heartbeat.Position >= position)
            {
                return heartbeat;
            }
        }
    }

    /// <summary>The refusal with which the stream ends.</summary>
    public async Task<RpcException> EndAsync() => await Assert.ThrowsAsync<RpcException>(async () =>
    {
        while (true)
        {
            await NextAsync();
        }
    });

    public void Dispose()
    {
        _call?.Dispose();
        _patience?.Dispose();
        _call = null;
    }

    private void Take(WatchRealmResponse next)
    {
        switch (next.EventCase)
        {
            case WatchRealmResponse.EventOneofCase.View:
                View = next.View;
                _parts = null;
                break;
            case WatchRealmResponse.EventOneofCase.SnapshotPart:
                (_parts ??= []).AddRange(next.SnapshotPart.Resources.Select(resource => resource.ToRecord()));
                if (next.SnapshotPart.Last)
                {
                    Realm = RealmSnapshot.Create(next.SnapshotPart.Revision, _parts);
                    _parts = null;
                }

                break;
            case WatchRealmResponse.EventOneofCase.Delta:
                Assert.True(next.Delta.Revision > Revision, $"{next.Delta.Revision} does not follow {Revision}.");
                Realm = Realm!.Apply(next.Delta.Revision, next.Delta.Upserts.Select(r => r.ToRecord()), next.Delta.Deletes.Select(r => r.ToRecord()));
                break;
            case WatchRealmResponse.EventOneofCase.Heartbeat:
                Assert.True(next.Heartbeat.Position <= Revision, $"The heartbeat is at {next.Heartbeat.Position}, the watcher at {Revision}.");
                Heartbeat = next.Heartbeat;
                break;
        }
    }
}
