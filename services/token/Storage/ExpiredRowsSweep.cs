namespace Pltfrms.Iam.Token.Storage;

/// <summary>Runs <see cref="ExpiredRows"/> at the start and every hour.</summary>
public sealed class ExpiredRowsSweep(ExpiredRows rows, TimeProvider clock, ILogger<ExpiredRowsSweep> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            do
            {
                await RemoveAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    /// <remarks>A failure is no outage: the default partitions take what has no other, and the next hour tries again.</remarks>
    private async Task RemoveAsync(CancellationToken stoppingToken)
    {
        try
        {
            await rows.RemoveAsync(stoppingToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.SweepFailed(exception);
        }
    }
}
