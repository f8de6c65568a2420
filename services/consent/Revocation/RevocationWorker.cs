using Pltfrms.Iam.Common.Errors;

namespace Pltfrms.Iam.Consent.Revocation;

/// <summary>Carries out revocations that nobody waits for, and those that did not go through at once.</summary>
public sealed class RevocationWorker(RevokeAccess access, ConsentOptions options, ILogger<RevocationWorker> log) : BackgroundService
{
    private const int Batch = 100;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The system's clock: what is due is decided by the service's, how often to look is not.
        using var timer = new PeriodicTimer(options.RevocationInterval);
        var isDone = true;
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                isDone = await CarryOutAsync(isDone, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    /// <summary>One round; whether all went through. An outage is told once.</summary>
    private async Task<bool> CarryOutAsync(bool wasDone, CancellationToken stoppingToken)
    {
        try
        {
            var isDone = await access.CarryOutDueAsync(Batch, stoppingToken);
            if (!isDone && wasDone)
            {
                log.RevocationsWait();
            }
            else if (isDone && !wasDone)
            {
                log.RevocationsCaughtUp();
            }

            return isDone;
        }
        catch (IamException exception)
        {
            if (wasDone)
            {
                log.RevocationsFailed(exception);
            }

            return false;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A fault of ours must not end the rounds.
            log.RevocationsFailed(exception);
            return false;
        }
    }
}
