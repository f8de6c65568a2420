namespace Pltfrms.Iam.Token.Tokens.Revocation;

/// <summary>Runs <see cref="RevocationPartitions"/> at the start and every hour.</summary>
public sealed class RevocationMaintenance(RevocationPartitions partitions, TimeProvider clock, ILogger<RevocationMaintenance> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            do
            {
                await MaintainAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    /// <remarks>A failure is no outage: the default partition takes what has no other, and the next hour tries again.</remarks>
    private async Task MaintainAsync(CancellationToken stoppingToken)
    {
        try
        {
            await partitions.MaintainAsync(stoppingToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.MaintenanceFailed(exception);
        }
    }
}
