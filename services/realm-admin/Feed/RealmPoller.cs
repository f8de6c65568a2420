using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Realms;

namespace Pltfrms.Iam.RealmAdmin.Feed;

/// <summary>
/// Finds the writes of other replicas, and confirms to all watchers that nothing else happened: one statement for all watched realms,
/// only while somebody watches. In an outage it falls silent, and with it the heartbeats; it goes on by itself.
/// </summary>
public sealed class RealmPoller(
    IDatabase database, RealmStore realms, WatchedRealms watched, TimeProvider clock, ILogger<RealmPoller> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    // A database that hangs must not keep the poller from noticing that it is back.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failing = false;
        using var timer = new PeriodicTimer(Interval, clock);
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

    private async Task<Exception?> PollAsync(CancellationToken stoppingToken)
    {
        var (poll, realmIds) = watched.BeginPoll();
        if (realmIds.Count == 0)
        {
            return null;
        }

        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            patience.CancelAfter(Patience);
            var asOf = clock.GetUtcNow();
            await using var session = await database.OpenAsync(patience.Token);
            var positions = await realms.PositionsAsync(session, database.Engine, realmIds, patience.Token);
            foreach (var realmId in realmIds)
            {
                watched.Confirmed(realmId, positions.TryGetValue(realmId, out var position) ? position : null, asOf, poll);
            }

            return null;
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
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
