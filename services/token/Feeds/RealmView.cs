using System.Threading.Channels;
using Pltfrms.Iam.Common.Realms;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Token.Feeds;

/// <summary>What callers who may see the same of a realm see of it, made of the changes that this service hears of.</summary>
internal sealed class RealmView : FeedStream
{
    /// <summary>How many changes may wait to be looked at; of more the earliest are left out, and what they were is found by looking at everything.</summary>
    private const int MaxWaiting = 256;

    /// <summary>How many events a snapshot may be behind for somebody who begins with it.</summary>
    private const int SnapshotGoodFor = 128;

    private readonly Lock _lock = new();
    private readonly ViewSource _source;
    private readonly Channel<SnapshotChange> _changes = Channel.CreateBounded<SnapshotChange>(
        new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private ViewState _state;
    private long _asOf;
    private SharedSnapshot? _snapshot;
    private long _snapshotUsedAt;

    /// <param name="source">What it is made with.</param>
    /// <param name="audiences">What it is about.</param>
    public RealmView(ViewSource source, ViewAudiences audiences)
    {
        _source = source;
        var known = source.Known();
        _state = new ViewState(known.Snapshot!, audiences);
        _asOf = known.HeardAt;
        Ring = new(_state.Revision, source.Options.HistoryLength, source.Options.HistorySize);
        Description = ViewMessages.View(audiences);
        using var flow = ExecutionContext.SuppressFlow();
        Following = Task.Run(FollowAsync);
    }

    public override FeedRing Ring { get; }

    /// <summary>The event that begins a watcher's stream.</summary>
    public EncodedMessage Description { get; }

    public Task Following { get; }

    /// <summary>When the realm was made.</summary>
    public DateTimeOffset CreatedAt => _state.Realm.Realm.CreatedAt;

    /// <summary>The realm has changed. Returns at once.</summary>
    public void Hear(SnapshotChange change) => _changes.Writer.TryWrite(change);

    public override long? FindAfter(long position) => Ring.FindAfter(position, isExact: true);

    public override SharedSnapshot Snapshot()
    {
        lock (_lock)
        {
            _snapshotUsedAt = _source.Clock.GetTimestamp();
            if (_snapshot is null || !Ring.IsNear(_snapshot.Place, SnapshotGoodFor))
            {
                var state = _state;
                var now = _source.Clock.GetUtcNow();
                _snapshot = new(Ring.End, state.Revision, () => ViewMessages.Snapshot(state, now));
            }

            return _snapshot;
        }
    }

    public override FeedBeat BeatNow()
    {
        var known = _source.FindKnown();
        lock (_lock)
        {
            return new(0, Ring.End, Heartbeat(known), _source.Clock.GetTimestamp());
        }
    }

    public override void Beat()
    {
        // In this order: whoever sees the time at which something was heard sees the snapshot that it was heard with.
        var known = _source.FindKnown();
        lock (_lock)
        {
            if (_snapshot is not null && _source.Clock.GetElapsedTime(_snapshotUsedAt) > ViewSource.SnapshotKeptFor)
            {
                _snapshot = null;
            }

            Ring.SetBeat(Heartbeat(known), _source.Clock.GetTimestamp());
        }
    }

    public override void End()
    {
        base.End();
        _changes.Writer.TryComplete();
    }

    private EncodedMessage? Heartbeat(KnownRealm? known)
    {
        if (ReferenceEquals(known?.Snapshot, _state.Realm))
        {
            _asOf = Math.Max(_asOf, known!.Value.HeardAt);
        }

        var heartbeat = FeedClock.Heartbeat(_source.Clock, _state.Revision, _asOf, _source.StaleAfter);
        return heartbeat is null ? null : EncodedMessage.Of(new Wire.WatchRealmResponse { Heartbeat = heartbeat });
    }

    private async Task FollowAsync()
    {
        try
        {
            await foreach (var change in _changes.Reader.ReadAllAsync())
            {
                Apply(change);
            }
        }
        catch (Exception exception)
        {
            // A fault of ours must not leave watchers with what is not so any more: they begin anew.
            _source.Log.ViewFailed(_state.Realm.RealmId, exception);
            _source.Failed(this);
        }
    }

    /// <remarks>
    /// What follows what is here, follows it: neither revisions, which go back where a database is restored, nor timestamps, which may be the same for two
    /// changes, order as surely as who came of whom. Anything else was left out before, or is in here already, and the latest has both.
    /// </remarks>
    private void Apply(SnapshotChange change)
    {
        if (ReferenceEquals(change.Before, _state.Realm))
        {
            Become(change.After, change.Delta, change.HeardAt);
        }
        else if (_source.FindKnown() is { Snapshot: { } latest, HeardAt: var heardAt } && !ReferenceEquals(latest, _state.Realm))
        {
            Become(latest, delta: null, heardAt);
        }
    }

    private void Become(RealmSnapshot realm, RealmFeedEvent.Delta? delta, long heardAt)
    {
        var before = _state;
        var after = ViewChange.Next(before, realm, delta);

        var seen = ViewChange.Between(before, after, delta);

        // A revision that did not go on is of another life of the database, restored from a backup say; or the realm was read again as a whole.
        var message = after.Revision > before.Revision ? ViewMessages.Delta(seen, after.Revision, _source.Clock.GetUtcNow()) : null;
        lock (_lock)
        {
            _state = after;
            _asOf = Math.Max(_asOf, heardAt);
            if (message is not null)
            {
                Ring.Append(new(message, before.Revision, after.Revision));
            }
            else if (after.Revision != before.Revision || !seen.IsEmpty)
            {
                Ring.BeginAnew(after.Revision);
            }
        }
    }
}
