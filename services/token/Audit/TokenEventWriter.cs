using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.Audit;

/// <summary>
/// Writes token events, many in one transaction: while one is on its way to disk the next ones gather. What cannot be written for an outage is kept
/// where nobody waits for it, and tried again; who waits is told at once.
/// </summary>
public sealed class TokenEventWriter(
    TokenEventQueue queue, IDatabase database, TokenEventStore store, TokenEventMetrics metrics, TimeProvider clock, ILogger<TokenEventWriter> log)
    : IHostedService, IDisposable
{
    private const int MostAtOnce = 2_000;
    private const int AnsweredTogether = 16;

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(30);

    private readonly TokenEventChains _chains = new();
    private readonly List<QueuedEvent> _batch = [];
    private readonly CancellationTokenSource _stopping = new();
    private Task _writing = Task.CompletedTask;
    private int _answered;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _writing = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>Requests have ended when this is called: the web server stops first. What they left is still written.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Complete();
        await _stopping.CancelAsync();
        await _writing.WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _chains.Dispose();
    }

    private async Task RunAsync()
    {
        while (queue.IsStuck || _batch.Count > 0 || await queue.WaitAsync())
        {
            await queue.TakeAsync(_batch, MostAtOnce, Moment);
            var isWritten = await TryWriteAsync();
            await PaceAsync();
            if (isWritten)
            {
                continue;
            }

            if (_stopping.IsCancellationRequested)
            {
                log.EventsLost(_batch.Count + queue.Count);
                return;
            }

            await Task.Delay(Pause, clock, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task PaceAsync()
    {
        if (_answered > 0)
        {
            var answered = _answered;
            _answered = 0;
            await queue.Pace.WaitAsync(answered);
        }
    }

    /// <summary>False where the database is away: the batch then has what is to be tried again.</summary>
    private async Task<bool> TryWriteAsync()
    {
        // What was under way when an outage came stands first, and is no more than one transaction's.
        var some = _batch.Count <= MostAtOnce ? [.. _batch] : _batch.GetRange(0, MostAtOnce);
        try
        {
            await WriteAsync(some, queue.IsStuck);
        }
        catch (Exception exception) when (exception is IamException { Reason: ErrorReason.StorageUnavailable } or OperationCanceledException)
        {
            HoldBack(exception);
            return false;
        }
        catch (Exception exception)
        {
            // A fault of ours: one event must not stop the others.
            log.EventsNotWritten(exception);
            await WriteEachAsync(some);
        }

        _batch.RemoveRange(0, some.Count);
        Recovered();
        return true;
    }

    /// <param name="batch">What to write.</param>
    /// <param name="again">Whether some of it may be written: an outage ended the last try, and nobody heard its answer.</param>
    private async Task WriteAsync(IReadOnlyList<QueuedEvent> batch, bool again)
    {
        var events = again ? await MissingAsync(batch) : batch;
        if (events.Count > 0)
        {
            using var deadline = new CancellationTokenSource(LongestWrite, clock);
            var linked = _chains.Link(events.Select(queued => queued.Happened));
            await store.AddAsync(database, linked, clock.GetUtcNow(), deadline.Token);
            _chains.Keep(linked);
            metrics.Written(events.Count);
        }

        Tell(batch, fault: null);
    }

    /// <summary>
    /// Answers who waits, some on one thread, one after the other: what they still have to do is short, and a thread's wake-up for each costs more.
    /// </summary>
    private void Tell(IEnumerable<QueuedEvent> batch, Exception? fault)
    {
        foreach (var some in batch.Where(queued => queued.Written is not null).Chunk(AnsweredTogether))
        {
            _answered += some.Length;
            ThreadPool.UnsafeQueueUserWorkItem(
                static answer =>
                {
                    foreach (var queued in answer.some)
                    {
                        queued.Tell(answer.fault);
                    }
                },
                (some, fault),
                preferLocal: false);
        }
    }

    /// <summary>Asks the database also where there is nothing to write: whether it answers again.</summary>
    private async Task<IReadOnlyList<QueuedEvent>> MissingAsync(IReadOnlyList<QueuedEvent> batch)
    {
        using var deadline = new CancellationTokenSource(LongestLook, clock);
        await using var session = await database.OpenAsync(deadline.Token);
        HashSet<string> known = [.. await store.ListKnownAsync(session, "", [], deadline.Token)];
        foreach (var ofRealm in batch.GroupBy(queued => queued.Happened.RealmId, StringComparer.Ordinal))
        {
            known.UnionWith(await store.ListKnownAsync(session, ofRealm.Key, [.. ofRealm.Select(queued => queued.Happened.EventId)], deadline.Token));
        }

        return [.. batch.Where(queued => !known.Contains(queued.Happened.EventId))];
    }

    private async Task WriteEachAsync(IReadOnlyList<QueuedEvent> batch)
    {
        foreach (var queued in batch)
        {
            _chains.End();
            try
            {
                await WriteAsync([queued], again: false);
            }
            catch (Exception exception)
            {
                log.EventLost(queued.Happened.RealmId, TokenEventJson.NameOf(queued.Happened.Kind), exception);
                metrics.Dropped(1);
                Tell([queued], exception);
            }
        }

        _chains.End();
    }

    private void HoldBack(Exception exception)
    {
        _chains.End();
        if (!queue.IsStuck)
        {
            log.EventsHeldBack(exception);
            queue.IsStuck = true;
        }

        // Nobody is to wait behind what is held back.
        queue.TakeAll(_batch);
        Tell(_batch, exception);
        _batch.RemoveAll(queued => queued.Written is not null);
        if (_batch.Count > queue.Most)
        {
            metrics.Dropped(_batch.Count - queue.Most);
            _batch.RemoveRange(queue.Most, _batch.Count - queue.Most);
        }
    }

    private void Recovered()
    {
        if (queue.IsStuck)
        {
            log.EventsWrittenAgain();
            queue.IsStuck = false;
        }

        if (metrics.TakeLost() is > 0 and var lost)
        {
            log.EventsDropped(lost);
        }
    }
}
