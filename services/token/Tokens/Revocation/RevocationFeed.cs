using Pltfrms.Iam.Common.Errors;

namespace Pltfrms.Iam.Token.Tokens.Revocation;

/// <summary>Asks the database for new revocations, all realms in one question, several times a second.</summary>
public sealed class RevocationFeed(Revocations revocations, TokenOptions options, TimeProvider clock, ILogger<RevocationFeed> log) : BackgroundService
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.RevocationPollInterval, clock);
        var sweptAt = clock.GetTimestamp();
        var reachable = true;
        while (await WaitAsync(timer, stoppingToken))
        {
            var was = reachable;
            reachable = await RefreshAsync(was, stoppingToken);
            if (reachable && !was)
            {
                log.FeedRecovered();
            }

            if (clock.GetElapsedTime(sweptAt) > SweepInterval)
            {
                revocations.Sweep();
                sweptAt = clock.GetTimestamp();
            }
        }
    }

    /// <summary>One question; whether it was answered in the time after which the answer would be stale.</summary>
    private async Task<bool> RefreshAsync(bool reachable, CancellationToken stoppingToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        deadline.CancelAfter(options.RevocationStaleAfter);
        try
        {
            await revocations.RefreshAsync(deadline.Token);
            return true;
        }
        catch (Exception exception) when (exception is IamException or OperationCanceledException && !stoppingToken.IsCancellationRequested)
        {
            // Told once: each introspection meanwhile asks the database itself and says so where that fails.
            if (reachable)
            {
                log.FeedLost(exception);
            }

            return false;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A fault of ours must not end the feed: the process would go on with every token asked for one by one.
            log.FeedFailed(exception);
            return false;
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
