namespace Pltfrms.Iam.Common.Realms;

/// <summary>When a realm was last known to be where its snapshot is: by its own stream, or by the confirmations while they find it there.</summary>
/// <param name="longestSilence">Of a stream, unless the confirmations say that it has nothing to say.</param>
/// <param name="begunAt">A timestamp.</param>
internal sealed class RealmHearing(TimeSpan longestSilence, long begunAt)
{
    private readonly Lock _lock = new();
    private long _heardAt = begunAt;
    private CancellationTokenSource? _silence;
    private RealmSnapshot? _snapshot;
    private RealmPosition _toldPosition;
    private RealmBeat? _toldBy;
    private RealmBeat? _beat;

    /// <summary>The timestamp.</summary>
    public long At
    {
        get
        {
            var beat = Volatile.Read(ref _beat);
            var beatAt = beat?.At ?? RealmBeat.Never;
            var heardAt = Volatile.Read(ref _heardAt);
            // A beat that comes after the word that the realm has moved is not the snapshot's.
            return ReferenceEquals(beat, Volatile.Read(ref _beat)) ? Math.Max(beatAt, heardAt) : heardAt;
        }
    }

    /// <summary>The realm's stream spoke, and the snapshot has what it said.</summary>
    public void Heard(RealmSnapshot? snapshot, long at)
    {
        lock (_lock)
        {
            _snapshot = snapshot;
            Volatile.Write(ref _heardAt, at);
            Compare();
        }
    }

    /// <summary>The confirmations say where the realm is; their beats say that it still is there.</summary>
    public void Told(RealmPosition position, RealmBeat beat)
    {
        lock (_lock)
        {
            (_toldPosition, _toldBy) = (position, beat);
            Compare();
        }
    }

    /// <summary>What to cancel where the realm's stream is silent for too long from now on; null: it may be.</summary>
    public void Await(CancellationTokenSource? silence)
    {
        lock (_lock)
        {
            _silence?.CancelAfter(Timeout.InfiniteTimeSpan);
            _silence = silence;
            _silence?.CancelAfter(_beat is null ? longestSilence : Timeout.InfiniteTimeSpan);
        }
    }

    /// <remarks>A snapshot that is ahead of what was told is the latest too: it came before the confirmations had seen it.</remarks>
    private void Compare()
    {
        if (_beat is { } before)
        {
            Volatile.Write(ref _heardAt, Math.Max(_heardAt, before.At));
        }

        var isThere = _toldBy is not null && _snapshot is { } latest
            && latest.Revision >= _toldPosition.Revision && latest.Realm.CreatedAt == _toldPosition.CreatedAt;
        Volatile.Write(ref _beat, isThere ? _toldBy : null);
        _silence?.CancelAfter(isThere ? Timeout.InfiniteTimeSpan : longestSilence);
    }
}
