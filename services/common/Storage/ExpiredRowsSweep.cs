using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Pltfrms.Iam.Common.Storage;

/// <summary>Runs <see cref="ExpiredRows"/> at the start and every hour.</summary>
/// <remarks>
/// The first time before the service listens: PostgreSQL refuses a row that is on its way to a default partition while the partition that
/// it belongs to is attached. Later ones are attached long before rows belong to them.
/// </remarks>
public sealed class ExpiredRowsSweep(ExpiredRows rows, TimeProvider clock, ILogger<ExpiredRowsSweep> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

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
    private async Task RemoveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await rows.RemoveAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.SweepFailed(exception);
        }
    }
}
