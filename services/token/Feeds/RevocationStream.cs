using Google.Protobuf.WellKnownTypes;
using Pltfrms.Iam.Token.Tokens.Revocation;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Token.Feeds;

/// <summary>What is revoked in a realm, as this service learns of it.</summary>
internal sealed class RevocationStream(RealmRevocations known, FeedOptions options, TimeSpan staleAfter, TimeProvider clock) : FeedStream
{
    private const int BatchSize = 1000;

    /// <summary>How many events a list may be behind for somebody who begins with it.</summary>
    private const int ListGoodFor = 128;

    private readonly Lock _lock = new();
    private long _sequence = known.Sequence;
    private SharedSnapshot? _list;
    private long _listUsedAt;

    public override FeedRing Ring { get; } = new(known.Sequence, options.HistoryLength, options.HistorySize);

    /// <summary>What it is made of.</summary>
    public RealmRevocations Known => known;

    /// <summary>Some revocations were read; what is known has them already.</summary>
    public void Hear(RevocationNews news)
    {
        lock (_lock)
        {
            if (news.IsAnew)
            {
                _sequence = news.Sequence;
                Ring.BeginAnew(news.Sequence);
                return;
            }

            foreach (var rows in news.Rows.Chunk(BatchSize))
            {
                var batch = new Wire.RevocationBatch { Sequence = rows[^1].Sequence };
                batch.Revocations.Add(rows.Select(row => ToWire(row.TokenId, row.ExpiresAt)));
                Ring.Append(new(EncodedMessage.Of(new Wire.WatchRevocationsResponse { Batch = batch }), _sequence, batch.Sequence));
                _sequence = batch.Sequence;
            }

            _sequence = news.Sequence;
            Ring.Advance(news.Sequence);
        }
    }

    public override long? FindAfter(long position) => position > 0 ? Ring.FindAfter(position, isExact: false) : null;

    public override SharedSnapshot Snapshot()
    {
        lock (_lock)
        {
            _listUsedAt = clock.GetTimestamp();
            if (_list is null || !Ring.IsNear(_list.Place, ListGoodFor))
            {
                var sequence = _sequence;
                _list = new(Ring.End, sequence, () => ListOf(sequence));
            }

            return _list;
        }
    }

    public override FeedBeat BeatNow()
    {
        var confirmedAt = known.ConfirmedAt;
        lock (_lock)
        {
            return new(0, Ring.End, Heartbeat(confirmedAt), clock.GetTimestamp());
        }
    }

    public override void Beat()
    {
        // Before the sequence: what was read by then has been heard of here.
        var confirmedAt = known.ConfirmedAt;
        lock (_lock)
        {
            if (_list is not null && clock.GetElapsedTime(_listUsedAt) > ViewSource.SnapshotKeptFor)
            {
                _list = null;
            }

            Ring.SetBeat(Heartbeat(confirmedAt), clock.GetTimestamp());
        }
    }

    private EncodedMessage? Heartbeat(long confirmedAt)
    {
        var heartbeat = FeedClock.Heartbeat(clock, _sequence, confirmedAt, staleAfter);
        return heartbeat is null ? null : EncodedMessage.Of(new Wire.WatchRevocationsResponse { Heartbeat = heartbeat });
    }

    /// <summary>What comes while it is read is in it or after it, perhaps both.</summary>
    private IEnumerable<EncodedMessage> ListOf(long sequence)
    {
        var batch = new Wire.RevocationBatch { First = true };
        foreach (var (tokenId, expiresAt) in known.All)
        {
            if (batch.Revocations.Count == BatchSize)
            {
                batch.More = true;
                yield return EncodedMessage.Of(new Wire.WatchRevocationsResponse { Batch = batch });
                batch = new();
            }

            batch.Revocations.Add(ToWire(tokenId, expiresAt));
        }

        batch.Sequence = sequence;
        yield return EncodedMessage.Of(new Wire.WatchRevocationsResponse { Batch = batch });
    }

    private static Wire.Revocation ToWire(string tokenId, DateTimeOffset expiresAt) =>
        new() { RevokedId = tokenId, ExpireTime = Timestamp.FromDateTimeOffset(expiresAt) };
}
