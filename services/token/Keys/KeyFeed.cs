using Pltfrms.Iam.Common.Errors;

namespace Pltfrms.Iam.Token.Keys;

/// <summary>Asks the database for changed keys, all realms in one question, as often as for revocations; and does what the time demands.</summary>
public sealed class KeyFeed(KeyRing keys, TokenOptions options, TimeProvider clock, ILogger<KeyFeed> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.RevocationPollInterval, clock);
        var works = true;
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                works = await RefreshAsync(works, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    /// <summary>Whether it worked; told when that changes.</summary>
    private async Task<bool> RefreshAsync(bool worked, CancellationToken stoppingToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        deadline.CancelAfter(options.RevocationStaleAfter);
        try
        {
            await keys.RefreshAsync(deadline.Token);
            if (!worked)
            {
                log.KeysFound();
            }

            return true;
        }
        catch (Exception exception) when (exception is IamException or OperationCanceledException && !stoppingToken.IsCancellationRequested)
        {
            if (worked)
            {
                log.KeysLost(exception);
            }

            return false;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A fault of ours must not end the feed: the process would go on with keys that nobody replaces.
            log.KeysFailed(exception);
            return false;
        }
    }
}
