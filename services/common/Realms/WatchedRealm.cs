using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Common.Realms;

/// <summary>One realm, kept current by its stream. One loop writes; any number of requests read without a lock.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A cancellation source without a timer holds nothing to dispose of.")]
internal sealed class WatchedRealm(
    string realmId, IRealmFeed feed, RealmFeedOptions options, TimeProvider clock, ILogger logger, Action<SnapshotChange> changed)
{
    /// <summary>Reading a large realm takes realm-admin a while.</summary>
    private static readonly TimeSpan FirstEventWithin = TimeSpan.FromSeconds(30);

    /// <summary>A realm that nobody waits for any more is not asked for for ever.</summary>
    private static readonly TimeSpan LoadAbandonedAfter = TimeSpan.FromSeconds(30);

    private readonly long _staleAfter = (long)(options.StaleAfter.TotalSeconds * clock.TimestampFrequency);
    private readonly CancellationTokenSource _stop = new();
    private readonly RealmHearing _hearing = new(2 * options.StaleAfter, clock.GetTimestamp());
    private RealmSnapshotBuilder _parts = new();
    private RealmSnapshot? _snapshot;
    private TaskCompletionSource? _change;
    private long _afterRevision;
    private long _usedAt = clock.GetTimestamp();
    private int _failures;
    private int _end;

    public string RealmId => realmId;

    /// <summary>The latest; null: not loaded yet.</summary>
    public RealmSnapshot? Snapshot => Volatile.Read(ref _snapshot);

    /// <summary>The latest with the time of arrival of the last word of it.</summary>
    public KnownRealm Known
    {
        get
        {
            var heardAt = _hearing.At;
            return new(Snapshot, heardAt);
        }
    }

    public RealmWatchEnd End => (RealmWatchEnd)Volatile.Read(ref _end);

    public long UsedAt => Volatile.Read(ref _usedAt);

    /// <summary>Completes when the realm is no longer followed.</summary>
    public Task Following { get; private set; } = Task.CompletedTask;

    /// <summary>Completes with the next event of the stream or with its end. To be read before what is waited for is looked at.</summary>
    public Task NextChange
    {
        get
        {
            var change = Volatile.Read(ref _change);
            if (change is not null)
            {
                return change.Task;
            }

            var created = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return (Interlocked.CompareExchange(ref _change, created, null) ?? created).Task;
        }
    }

    /// <summary>
    /// The latest snapshot, where this process heard of the realm recently enough. Wall clocks of two machines are never compared.
    /// </summary>
    public RealmSnapshot? FreshSnapshot(long now)
    {
        // In this order: an event is stored before its time of arrival, so whoever sees the time sees the event.
        var isHeard = IsHeard(now);
        var snapshot = Volatile.Read(ref _snapshot);
        return isHeard ? snapshot : null;
    }

    /// <summary>Whether the stream spoke, or was begun, or what it said was confirmed, recently enough.</summary>
    public bool IsHeard(long now) => now - _hearing.At <= _staleAfter;

    /// <summary>Hears from the confirmations where the realm is.</summary>
    public void Told(RealmPosition position, RealmBeat beat)
    {
        _hearing.Told(position, beat);
        Wake();
    }

    /// <summary>To the second, so that readers on many cores do not fight over the field.</summary>
    public void Use(long now)
    {
        if (now - Volatile.Read(ref _usedAt) > clock.TimestampFrequency)
        {
            Volatile.Write(ref _usedAt, now);
        }
    }

    public void Start(Func<WatchedRealm, Task> follow)
    {
        // The stream outlives the request that needed it first and must not be a part of its trace.
        using var flow = ExecutionContext.SuppressFlow();
        Following = Task.Run(() => follow(this));
    }

    public void Stop() => _stop.Cancel();

    /// <summary>Follows the stream, reconnecting as often as needed, until the realm is gone, abandoned or stopped.</summary>
    public async Task<RealmWatchEnd> FollowAsync(Action loaded)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ReadAsync(loaded);
            }
            catch (IamException gone) when (gone.Reason == ErrorReason.RealmNotFound)
            {
                return RealmWatchEnd.NotFound;
            }
            catch (Exception) when (_stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception failure)
            {
                LogFailure(failure);
                _afterRevision = failure is InvalidDataException ? 0 : _afterRevision;
            }

            if (Snapshot is null && clock.GetElapsedTime(UsedAt) > LoadAbandonedAfter)
            {
                break;
            }

            await FeedBackoff.WaitAsync(_failures, clock, _stop.Token);
        }

        return RealmWatchEnd.Dropped;
    }

    /// <summary>Wakes whoever waits; nothing follows.</summary>
    public void SetEnd(RealmWatchEnd end)
    {
        Volatile.Write(ref _end, (int)end);
        Wake();
    }

    private async Task ReadAsync(Action loaded)
    {
        await foreach (var next in WatchAsync())
        {
            Take(next, loaded);
            if (_failures > 0)
            {
                logger.FeedRestored(realmId, Snapshot?.Revision ?? 0);
                _failures = 0;
            }
        }
    }

    private async IAsyncEnumerable<RealmFeedEvent> WatchAsync()
    {
        // A connection can die without a word (RFC 9293 section 3.8.4): silence longer than staleness ends it.
        using var silence = new CancellationTokenSource(FirstEventWithin, clock);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, _stop.Token);
        _parts = new();
        try
        {
            await foreach (var next in feed.WatchAsync(realmId, new(_afterRevision, Snapshot?.Realm.CreatedAt), ends.Token).WithCancellation(ends.Token))
            {
                _hearing.Await(null);
                silence.CancelAfter(Timeout.InfiniteTimeSpan);
                yield return next;
                _hearing.Await(silence);
            }
        }
        finally
        {
            _hearing.Await(null);
        }
    }

    private void Take(RealmFeedEvent next, Action loaded)
    {
        var receivedAt = clock.GetTimestamp();
        switch (next)
        {
            case RealmFeedEvent.SnapshotPart part:
                foreach (var resource in part.Resources)
                {
                    _parts.Add(resource);
                }

                if (!part.IsLast)
                {
                    return;
                }

                var snapshot = _parts.Build(part.Revision);
                if (Snapshot is { } before && before.Realm.CreatedAt != snapshot.Realm.CreatedAt)
                {
                    throw new IamException(ErrorReason.RealmNotFound, "The realm was deleted, and another was made under its id.");
                }

                if (Snapshot is null)
                {
                    // Before anybody can see it, so that who has it can rely on the room having been made.
                    loaded();
                }

                Replace(snapshot, delta: null, receivedAt);
                _parts = new();
                logger.RealmLoaded(realmId, part.Revision);
                break;
            case RealmFeedEvent.Delta delta:
                Apply(delta, receivedAt);
                break;
            case RealmFeedEvent.Heartbeat heartbeat when heartbeat.Revision != Snapshot?.Revision:
                throw Diverged(heartbeat.Revision);
        }

        _afterRevision = next.Revision;
        _hearing.Heard(Snapshot, receivedAt);
        Wake();
    }

    private void Apply(RealmFeedEvent.Delta delta, long receivedAt)
    {
        var before = Snapshot ?? throw Diverged(delta.Revision);
        if (delta.Revision <= before.Revision)
        {
            throw Diverged(delta.Revision);
        }

        Replace(before.Apply(delta.Revision, delta.Upserts, delta.Deletes), delta, receivedAt);
    }

    private void Replace(RealmSnapshot after, RealmFeedEvent.Delta? delta, long receivedAt)
    {
        var before = Snapshot;
        Volatile.Write(ref _snapshot, after);
        changed(new(before, after, delta, receivedAt));
    }

    private InvalidDataException Diverged(long revision) =>
        new($"The feed is at revision {revision}, which does not follow {Snapshot?.Revision ?? 0}.");

    /// <summary>Lets who waits for a word look again.</summary>
    public void Wake() => Interlocked.Exchange(ref _change, null)?.TrySetResult();

    private void LogFailure(Exception failure)
    {
        if (_failures++ == 0)
        {
            logger.FeedLost(realmId, failure);
        }
        else
        {
            logger.FeedStillLost(realmId, _failures, failure.Message);
        }
    }
}

/// <summary>Why a realm is no longer watched.</summary>
internal enum RealmWatchEnd
{
    /// <summary>It still is.</summary>
    None,

    /// <summary>There is no such realm.</summary>
    NotFound,

    /// <summary>It was not used for longest, or nobody waited for it any more.</summary>
    Dropped,
}
