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

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(5);

    private readonly TokenEventChains _chains = new();
    private readonly List<QueuedEvent> _batch = [];
    private readonly CancellationTokenSource _stopping = new();
    private Task _writing = Task.CompletedTask;

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

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync()
    {
        while (queue.IsStuck || await queue.WaitAsync())
        {
            await queue.TakeAsync(_batch, MostAtOnce, Moment);
            if (await TryWriteAsync())
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

    /// <summary>False where the database is away: the batch then has what is to be tried again.</summary>
    private async Task<bool> TryWriteAsync()
    {
        try
        {
            await WriteAsync(_batch, queue.IsStuck);
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
            await WriteEachAsync();
        }

        _batch.Clear();
        Recovered();
        return true;
    }

    /// <param name="batch">What to write.</param>
    /// <param name="again">Whether some of it may be written: an outage ended the last try, and nobody heard its answer.</param>
    private async Task WriteAsync(IReadOnlyList<QueuedEvent> batch, bool again)
    {
        using var deadline = new CancellationTokenSource(LongestWrite, clock);
        IReadOnlyList<TokenEventRow> rows = [.. batch.Select(queued => queued.Row)];
        if (again)
        {
            rows = await MissingAsync(rows, deadline.Token);
        }

        if (rows.Count > 0)
        {
            var linked = _chains.Link(rows);
            await store.AddAsync(database, linked, clock.GetUtcNow(), deadline.Token);
            _chains.Keep(linked);
            metrics.Written(rows.Count);
        }

        foreach (var queued in batch)
        {
            queued.Written?.TrySetResult();
        }
    }

    /// <summary>Asks the database also where there is nothing to write: whether it answers again.</summary>
    private async Task<IReadOnlyList<TokenEventRow>> MissingAsync(IReadOnlyList<TokenEventRow> rows, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await store.FindAsync(session, "", "", cancellationToken);
        List<TokenEventRow> missing = [];
        foreach (var row in rows)
        {
            if (await store.FindAsync(session, row.RealmId, row.EventId, cancellationToken) is null)
            {
                missing.Add(row);
            }
        }

        return missing;
    }

    private async Task WriteEachAsync()
    {
        foreach (var queued in _batch)
        {
            _chains.End();
            try
            {
                await WriteAsync([queued], again: false);
            }
            catch (UniqueViolationException)
            {
                // It is there.
                queued.Written?.TrySetResult();
            }
            catch (Exception exception)
            {
                log.EventLost(queued.Row.RealmId, queued.Row.Kind, exception);
                metrics.Dropped(1);
                queued.Written?.TrySetException(TokenEventQueue.Unavailable(exception));
            }
        }

        _chains.End();
    }

    private void HoldBack(Exception exception)
    {
        _chains.End();
        foreach (var queued in _batch)
        {
            queued.Written?.TrySetException(TokenEventQueue.Unavailable(exception));
        }

        _batch.RemoveAll(queued => queued.Written is not null);
        if (!queue.IsStuck)
        {
            log.EventsHeldBack(exception);
            queue.IsStuck = true;
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
