namespace Pltfrms.Iam.Consent;

/// <summary>Does one thing again and again while the service runs; a round that fails is told, and the next one tries again.</summary>
public sealed class BackgroundRounds(string name, TimeSpan interval, Func<CancellationToken, Task> round, ILogger<BackgroundRounds> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval);
        try
        {
            do
            {
                await TryAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private async Task TryAsync(CancellationToken stoppingToken)
    {
        try
        {
            await round(stoppingToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.RoundFailed(name, exception);
        }
    }
}
