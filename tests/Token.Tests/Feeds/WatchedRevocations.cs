using Grpc.Core;
using Pltfrms.Iam.Token.V1;

namespace Token.Tests.Feeds;

/// <summary>A client that watches revocations: keeps what it is told, and where it is.</summary>
internal sealed class WatchedRevocations(DecisionFeedService.DecisionFeedServiceClient feed, Metadata headers, string realmId) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private AsyncServerStreamingCall<WatchRevocationsResponse>? _call;
    private CancellationTokenSource? _patience;

    public HashSet<string> Revoked { get; } = new(StringComparer.Ordinal);

    public long Sequence { get; private set; }

    /// <summary>How many lists of everything came.</summary>
    public int Lists { get; private set; }

    /// <summary>Begins, or goes on where it was.</summary>
    public void Connect()
    {
        Dispose();
        _patience = new CancellationTokenSource(Patience);
        _call = feed.WatchRevocations(new() { RealmId = realmId, AfterSequence = Sequence }, headers, cancellationToken: _patience.Token);
    }

    public async Task<WatchRevocationsResponse> NextAsync()
    {
        if (!await _call!.ResponseStream.MoveNext(_patience!.Token))
        {
            throw new InvalidOperationException("The stream ended without a reason.");
        }

        var next = _call.ResponseStream.Current;
        if (next.Batch is { } batch)
        {
            Take(batch);
        }
        else
        {
            Sequence = Math.Max(Sequence, next.Heartbeat.Position);
        }

        return next;
    }

    public async Task HearAsync(string revokedId)
    {
        while (!Revoked.Contains(revokedId))
        {
            await NextAsync();
        }
    }

    public async Task<FeedHeartbeat> BeatAsync()
    {
        while (true)
        {
            if ((await NextAsync()).Heartbeat is { } heartbeat)
            {
                return heartbeat;
            }
        }
    }

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

    private void Take(RevocationBatch batch)
    {
        if (batch.First)
        {
            Lists++;
            Revoked.Clear();
        }

        Revoked.UnionWith(batch.Revocations.Select(revocation => revocation.RevokedId));
        if (!batch.More)
        {
            Sequence = batch.Sequence;
        }
    }
}
