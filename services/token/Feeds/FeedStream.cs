namespace Pltfrms.Iam.Token.Feeds;

/// <summary>A stream that any number of clients watch; what they get is made once.</summary>
internal abstract class FeedStream
{
    private volatile bool _isEnded;

    /// <summary>Its latest events; null until it has begun.</summary>
    public abstract FeedRing Ring { get; }

    /// <summary>Whether what it was made of is not kept any more. Who watched it asks for another.</summary>
    public bool IsEnded => _isEnded;

    /// <summary>Everything that it has, for who has nothing or is too far behind.</summary>
    public abstract SharedSnapshot Snapshot();

    /// <summary>The place of what comes after a position that a watcher has; null: it needs everything.</summary>
    public abstract long? FindAfter(long position);

    /// <summary>Tells its watchers how current they are, and has them looked at.</summary>
    public abstract void Beat();

    /// <summary>How current who has everything is now: for one who begins, and cannot rely on a beat from when nobody watched.</summary>
    public abstract FeedBeat BeatNow();

    /// <summary>Lets its watchers look for another.</summary>
    public virtual void End()
    {
        _isEnded = true;
        Ring.SetBeat(heartbeat: null, madeAt: 0);
    }
}
