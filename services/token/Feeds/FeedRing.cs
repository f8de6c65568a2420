namespace Pltfrms.Iam.Token.Feeds;

/// <summary>
/// The latest events of a stream, shared by all who watch it. A watcher is a place in it and nothing more, so memory depends neither on how many
/// there are nor on how slow they are; who is overrun has to go.
/// </summary>
/// <param name="start">The position that the stream begins after.</param>
/// <param name="maxEvents">How many events are kept.</param>
/// <param name="maxBytes">How many bytes they have; the latest is kept whatever it has.</param>
internal sealed class FeedRing(long start, int maxEvents, long maxBytes)
{
    private readonly Lock _lock = new();
    private FeedEvent[] _events = new FeedEvent[16];
    private TaskCompletionSource _moved = NewSignal();
    private long _first;
    private long _next;
    private long _anewAt = -1;
    private long _bytes;
    private long _lost = start;
    private long _position = start;
    private FeedBeat _beat;

    /// <summary>Completes with the next event or beat. To be read before these are.</summary>
    public Task Moved
    {
        get
        {
            lock (_lock)
            {
                return _moved.Task;
            }
        }
    }

    /// <summary>The place after the last event.</summary>
    public long End
    {
        get
        {
            lock (_lock)
            {
                return _next;
            }
        }
    }

    public FeedBeat Beat
    {
        get
        {
            lock (_lock)
            {
                return _beat;
            }
        }
    }

    /// <summary>Whether everything from a place on is still there, and not too much of it.</summary>
    public bool IsNear(long place, long atMost)
    {
        lock (_lock)
        {
            return place >= _first && place > _anewAt && _next - place <= atMost;
        }
    }

    public void Append(in FeedEvent next)
    {
        lock (_lock)
        {
            Push(next);
        }

        Wake();
    }

    /// <summary>Everybody needs everything from here on.</summary>
    public void BeginAnew(long position)
    {
        lock (_lock)
        {
            DropUntil(_next);
            (_lost, _position, _anewAt) = (position, position, _next);
            Push(new(null, position, position));
        }

        Wake();
    }

    /// <summary>The stream has come to a position without an event.</summary>
    public void Advance(long position)
    {
        lock (_lock)
        {
            _position = Math.Max(_position, position);
        }
    }

    /// <summary>Wakes all who watch; they tell their callers so where there is a heartbeat.</summary>
    /// <param name="heartbeat">Null: nobody can say that nothing is missing.</param>
    /// <param name="madeAt">The timestamp of its making.</param>
    public void SetBeat(EncodedMessage? heartbeat, long madeAt)
    {
        lock (_lock)
        {
            _beat = new(_beat.Number + 1, _next, heartbeat, madeAt);
        }

        Wake();
    }

    /// <summary>The place of what comes after a position; null: it is not known any more, or was never a position of this stream.</summary>
    /// <param name="position">What a watcher has.</param>
    /// <param name="isExact">Whether an event is good only for who has exactly what it follows.</param>
    public long? FindAfter(long position, bool isExact)
    {
        lock (_lock)
        {
            if (position < _lost || position > _position)
            {
                return null;
            }

            for (var place = _first; place < _next; place++)
            {
                var next = At(place);
                if (next.To > position)
                {
                    return !isExact || next.From == position ? place : null;
                }
            }

            return !isExact || position == _position ? _next : null;
        }
    }

    /// <summary>The event at a place, which moves on.</summary>
    public FeedReading Read(ref long place, out FeedEvent next)
    {
        lock (_lock)
        {
            next = default;
            if (place < _first)
            {
                if (place > _anewAt || _anewAt < _first)
                {
                    return FeedReading.Overrun;
                }

                place = _anewAt;
            }

            if (place == _next)
            {
                return FeedReading.AtEnd;
            }

            next = At(place++);
            return FeedReading.Read;
        }
    }

    private void Push(in FeedEvent next)
    {
        DropUntil(Math.Max(_first, _next + 1 - maxEvents));
        _bytes += next.Message?.Size ?? 0;
        while (_bytes > maxBytes && _first < _next)
        {
            DropUntil(_first + 1);
        }

        if (_next - _first == _events.Length)
        {
            Grow();
        }

        At(_next++) = next;
        _position = Math.Max(_position, next.To);
    }

    private void DropUntil(long place)
    {
        for (; _first < place; _first++)
        {
            ref var dropped = ref At(_first);
            _lost = Math.Max(_lost, dropped.To);
            _bytes -= dropped.Message?.Size ?? 0;
            dropped = default;
        }
    }

    private void Grow()
    {
        var larger = new FeedEvent[_events.Length * 2];
        for (var place = _first; place < _next; place++)
        {
            larger[place & (larger.Length - 1)] = At(place);
        }

        _events = larger;
    }

    private ref FeedEvent At(long place) => ref _events[place & (_events.Length - 1)];

    private void Wake()
    {
        TaskCompletionSource moved;
        lock (_lock)
        {
            (moved, _moved) = (_moved, NewSignal());
        }

        moved.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>What became of a watcher's wish for the next event.</summary>
internal enum FeedReading
{
    /// <summary>Here it is.</summary>
    Read,

    /// <summary>There is none yet.</summary>
    AtEnd,

    /// <summary>It is not kept any more.</summary>
    Overrun,
}

/// <summary>The last time that watchers were woken without an event.</summary>
/// <param name="Number">How many times before.</param>
/// <param name="Place">Who is there or further has everything that the heartbeat speaks of.</param>
/// <param name="Heartbeat">Null: nobody can say that nothing is missing.</param>
/// <param name="MadeAt">When it was made: it says how old what it vouches for was then.</param>
internal readonly record struct FeedBeat(long Number, long Place, EncodedMessage? Heartbeat, long MadeAt);
