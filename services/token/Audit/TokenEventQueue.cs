using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.Audit;

/// <summary>
/// Events that are not written yet. In a realm with a durable audit, who adds one waits until it is on disk. In others the request goes on at once:
/// a full queue makes it wait a little for room, and drops the event where there is none, or where the database is known to be away.
/// </summary>
public sealed class TokenEventQueue(TokenOptions options, TokenEventMetrics metrics, TimeProvider clock)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly EventBuffer _events = new(options.TokenEventQueueLength);

    private volatile bool _isStuck;
    private volatile TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether the database is away, as the writer knows it.</summary>
    internal bool IsStuck { get => _isStuck; set => _isStuck = value; }

    /// <exception cref="IamException">STORAGE_UNAVAILABLE in a realm with a durable audit: it is not certain that the event is on disk.</exception>
    public ValueTask AddAsync(TokenEvent happened, CancellationToken cancellationToken)
    {
        var settings = happened.Realm.AuditSettings;
        if (!settings.TokenEvents)
        {
            return ValueTask.CompletedTask;
        }

        var record = TokenEventRecord.Of(happened);
        if (settings.DurableAudit)
        {
            return new(AddDurablyAsync(record, cancellationToken));
        }

        return _events.TryAdd(new(record, written: null)) ? ValueTask.CompletedTask : new(WaitForRoomAsync(record, cancellationToken));
    }

    /// <summary>Of those who wait until it is on disk.</summary>
    internal CommitPace Pace { get; } = new(clock);

    /// <summary>How many may wait.</summary>
    internal int Most => options.TokenEventQueueLength;

    /// <summary>How many are waiting.</summary>
    internal int Count => _events.Count;

    /// <summary>Nothing more is taken; what is there is still written.</summary>
    internal void Complete()
    {
        _events.Complete();
        _hurry.TrySetResult();
    }

    /// <summary>Waits for events; false where none will come any more.</summary>
    internal ValueTask<bool> WaitAsync() => _events.WaitAsync();

    /// <summary>Takes what is there, and where nobody waits for any of it, what comes in a moment besides.</summary>
    /// <param name="batch">Where to; what is in it already counts.</param>
    /// <param name="most">How many it may have.</param>
    /// <param name="moment">How long to gather.</param>
    internal async Task TakeAsync(List<QueuedEvent> batch, int most, TimeSpan moment)
    {
        var hurry = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _hurry = hurry;
        if (!Take(batch, most) && batch.Count < most && !_events.IsComplete)
        {
            await Task.WhenAny(hurry.Task, Task.Delay(moment, clock));
            Take(batch, most);
        }
    }

    /// <summary>Takes all that is there. Whether anybody waits for any of it.</summary>
    internal bool TakeAll(List<QueuedEvent> batch) => Take(batch, int.MaxValue);

    /// <summary>Whether anybody waits for what was taken.</summary>
    private bool Take(List<QueuedEvent> batch, int most)
    {
        var isAwaited = false;
        while (batch.Count < most && _events.TryTake(out var queued))
        {
            isAwaited |= queued.Written is not null;
            batch.Add(queued);
        }

        return isAwaited;
    }

    private async Task AddDurablyAsync(TokenEventRecord happened, CancellationToken cancellationToken)
    {
        var written = new TaskCompletionSource();
        var queued = new QueuedEvent(happened, written);
        if (IsStuck || (!_events.TryAdd(queued) && !await TryWaitForRoomAsync(queued, cancellationToken)))
        {
            throw Unavailable(inner: null);
        }

        Pace.Arrive();
        _hurry.TrySetResult();
        // The writer tells everybody soon, whatever comes of it; a timer and a registration for each request would cost more than its row.
        await written.Task;
    }

    private async Task WaitForRoomAsync(TokenEventRecord happened, CancellationToken cancellationToken)
    {
        if (!await TryWaitForRoomAsync(new(happened, written: null), cancellationToken))
        {
            metrics.Dropped(1);
        }
    }

    private async Task<bool> TryWaitForRoomAsync(QueuedEvent queued, CancellationToken cancellationToken)
    {
        if (IsStuck)
        {
            return false;
        }

        using var patience = new CancellationTokenSource(LongestWait, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await _events.AddAsync(queued, either.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    internal static IamException Unavailable(Exception? inner) =>
        new(ErrorReason.StorageUnavailable, "The audit trail cannot be written, and nothing happens here that is not.", inner);
}
