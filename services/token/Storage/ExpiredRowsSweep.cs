namespace Pltfrms.Iam.Token.Storage;

/// <summary>Runs <see cref="ExpiredRows"/> at the start and every hour.</summary>
public sealed class ExpiredRowsSweep(ExpiredRows rows, TimeProvider clock, ILogger<ExpiredRowsSweep> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <remarks>Before the first request: a row that PostgreSQL sends to a default partition while another is made for it is refused.</remarks>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RemoveAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await RemoveAsync(stoppingToken);
            }
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
