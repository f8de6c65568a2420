using Microsoft.Extensions.Options;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.RealmAdmin.Feed;

/// <summary>
/// Finds the writes of other replicas, and confirms to all watchers that nothing else happened: a statement for all watched realms,
/// only while somebody watches. In an outage it falls silent, and with it the heartbeats; it goes on by itself.
/// </summary>
public sealed class RealmPoller(
    IDatabase database, RealmPositions positions, WatchedRealms watched, IOptions<PollSettings> settings, TimeProvider clock, ILogger<RealmPoller> log) : BackgroundService
{
    // A database that hangs must not keep the poller from noticing that it is back.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failing = false;
        using var timer = new PeriodicTimer(settings.Value.PollInterval, clock);
        while (await WaitAsync(timer, stoppingToken))
        {
            var failure = await PollAsync(stoppingToken);
            if (failure is not null && !failing)
            {
                log.FeedStopped(failure);
            }
            else if (failure is null && failing)
            {
                log.FeedResumed();
            }

            failing = failure is not null;
        }
    }

    /// <summary>Asks the database once, out of turn too. What it failed with; null: it answered.</summary>
    public async Task<Exception?> PollAsync(CancellationToken stoppingToken)
    {
        var asOf = clock.GetUtcNow();
        var (poll, realmIds) = watched.BeginPoll();
        if (realmIds.Count == 0)
        {
            watched.PollEnded(poll, asOf);
            return null;
        }

        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            patience.CancelAfter(Patience);
            await using var session = await database.OpenAsync(patience.Token);
            var found = await positions.FindAsync(session, database.Engine, realmIds, patience.Token);
            foreach (var realmId in realmIds)
            {
                watched.Confirmed(realmId, found.TryGetValue(realmId, out var position) ? position : null, asOf, poll);
            }

            watched.PollEnded(poll, asOf);
            return null;
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            // What answers next may be another life of the database, restored from a backup.
            positions.Forget();
            return exception;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
