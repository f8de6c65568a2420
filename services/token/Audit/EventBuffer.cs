using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Pltfrms.Iam.Token.Audit;

/// <summary>
/// Events on their way to the one who writes them, no more than there is room for. Requests on all cores add to it, and none waits for another: there is no
/// lock.
/// </summary>
/// <param name="capacity">How many there is room for.</param>
internal sealed class EventBuffer(int capacity)
{
    private readonly ConcurrentQueue<QueuedEvent> _events = new();
    private TaskCompletionSource? _arrival;
    private TaskCompletionSource? _room;
    private volatile bool _isComplete;

    // Places that are taken: of events that are there, and of those that will be in a moment.
    private int _taken;

    public int Count => _events.Count;

    /// <summary>Whether nothing is taken any more.</summary>
    public bool IsComplete => _isComplete;

    /// <summary>False where there is no room, or nothing is taken any more.</summary>
    public bool TryAdd(QueuedEvent queued)
    {
        if (!TryTakePlace())
        {
            return false;
        }

        // After the place was taken: who completes looks for places after it has said so.
        if (_isComplete)
        {
            Interlocked.Decrement(ref _taken);
            return false;
        }

        _events.Enqueue(queued);
        // Either this sees who waits, or who waits sees the event.
        Interlocked.MemoryBarrier();
        Wake(ref _arrival);
        return true;
    }

    /// <summary>Waits for room. False where nothing is taken any more.</summary>
    /// <exception cref="OperationCanceledException">There was none for too long.</exception>
    public async Task<bool> AddAsync(QueuedEvent queued, CancellationToken cancellationToken)
    {
        while (!TryAdd(queued))
        {
            var mine = NewSignal();
            var room = Interlocked.CompareExchange(ref _room, mine, null) ?? mine;
            // Either this finds the room, or who makes it sees that somebody waits.
            if (TryAdd(queued))
            {
                return true;
            }

            if (_isComplete)
            {
                return false;
            }

            await room.Task.WaitAsync(cancellationToken);
        }

        return true;
    }

    /// <summary>Takes the oldest; for one reader at a time.</summary>
    public bool TryTake([MaybeNullWhen(false)] out QueuedEvent queued)
    {
        if (!_events.TryDequeue(out queued))
        {
            return false;
        }

        Interlocked.Decrement(ref _taken);
        Wake(ref _room);
        return true;
    }

    /// <summary>Waits for events; false where none will come any more.</summary>
    public async ValueTask<bool> WaitAsync()
    {
        while (_events.IsEmpty)
        {
            var arrival = NewSignal();
            Interlocked.Exchange(ref _arrival, arrival);
            if (!_events.IsEmpty)
            {
                break;
            }

            if (!_isComplete)
            {
                await arrival.Task;
            }
            else if (Volatile.Read(ref _taken) == 0)
            {
                return false;
            }
            else
            {
                // Somebody has a place and is about to put an event there.
                await Task.Yield();
            }
        }

        return true;
    }

    /// <summary>Nothing more is taken; what is there can still be.</summary>
    public void Complete()
    {
        _isComplete = true;
        Interlocked.MemoryBarrier();
        Wake(ref _arrival);
        Wake(ref _room);
    }

    private bool TryTakePlace()
    {
        var taken = Volatile.Read(ref _taken);
        while (taken < capacity)
        {
            var seen = Interlocked.CompareExchange(ref _taken, taken + 1, taken);
            if (seen == taken)
            {
                return true;
            }

            taken = seen;
        }

        return false;
    }

    private static void Wake(ref TaskCompletionSource? waiting)
    {
        if (Volatile.Read(ref waiting) is not null)
        {
            Interlocked.Exchange(ref waiting, null)?.TrySetResult();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
