using Grpc.Core;
using Microsoft.Extensions.Logging;
using Pltfrms.Iam.Client.Decisions;
using Pltfrms.Iam.Common.Tokens;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Client.Feeds;

/// <summary>What is revoked in the realm, held until the tokens concerned have expired.</summary>
internal sealed class RevocationStream(IamCalls calls, FeedClock clock, StreamPulse pulse, ILogger log)
    : FeedStream<Wire.WatchRevocationsResponse>("revocations", calls, clock, pulse, log)
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    /// <summary>Servers' clocks differ a little; by this one's a token may have expired before it has by another's.</summary>
    private static readonly TimeSpan SweepMargin = TimeSpan.FromMinutes(5);

    private RealmRevocations? _list;
    private RealmRevocations? _revoked;
    private long _sequence;
    private long _version;
    private long _sweptAt = clock.Now;

    /// <summary>Grows with every revocation. To be read before <see cref="IsRevoked"/> is asked.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>Of use only while the stream is fresh.</summary>
    public bool IsRevoked(Common.Tokens.AccessToken token) => Volatile.Read(ref _revoked)?.Contains(token) != false;

    protected override AsyncServerStreamingCall<Wire.WatchRevocationsResponse> Open(CallOptions options)
    {
        _list = null;
        return Calls.Clients.Feeds.WatchRevocations(new() { RealmId = Calls.RealmId, AfterSequence = _sequence }, options);
    }

    protected override void Take(Wire.WatchRevocationsResponse next)
    {
        var arrivedAt = Clock.Now;
        switch (next.EventCase)
        {
            case Wire.WatchRevocationsResponse.EventOneofCase.Batch:
                Add(next.Batch);
                break;
            case Wire.WatchRevocationsResponse.EventOneofCase.Heartbeat when _revoked is not null && _list is null:
                _sequence = Math.Max(_sequence, next.Heartbeat.Position);
                Pulse.Beat(next.Heartbeat.AsOfTime.ToDateTimeOffset(), next.Heartbeat.Age?.ToTimeSpan() ?? TimeSpan.Zero, arrivedAt);
                Sweep(arrivedAt);
                break;
            default:
                throw new InvalidDataException("The stream has an event that this version does not know, or not now.");
        }
    }

    protected override void Reset()
    {
        Pulse.Forget();
        Volatile.Write(ref _revoked, null);
        _sequence = 0;
        Interlocked.Increment(ref _version);
    }

    private void Add(Wire.RevocationBatch batch)
    {
        if (batch.First)
        {
            // What is known stays: another replica may have heard of less, and nothing that was revoked is good again.
            _list = _revoked ?? new(batch.Sequence, confirmedAt: 0);
        }
        var revoked = _list ?? _revoked ?? throw new InvalidDataException("The stream begins in the middle of its list.");
        foreach (var revocation in batch.Revocations)
        {
            revoked.Add(revocation.RevokedId, revocation.ExpireTime?.ToDateTimeOffset() ?? DateTimeOffset.MaxValue);
        }
        if (_list is not null && !batch.More)
        {
            Volatile.Write(ref _revoked, _list);
            (_list, _sequence) = (null, batch.Sequence);
        }
        else if (_list is null)
        {
            _sequence = Math.Max(_sequence, batch.Sequence);
        }
        // After what it tells of, so that whoever has seen this number has seen that.
        Interlocked.Increment(ref _version);
    }

    private void Sweep(long now)
    {
        if (now - _sweptAt > SweepInterval.Ticks)
        {
            _sweptAt = now;
            _revoked!.Sweep(new DateTimeOffset(Pulse.ServerTicks(now), TimeSpan.Zero) - SweepMargin);
        }
    }
}
