namespace Pltfrms.Iam.RealmAdmin.Registration;

/// <summary>Looks for unused clients at the start and every hour. Two replicas do no harm to each other.</summary>
public sealed class UnusedClientRounds(RemoveUnusedClients remove, TimeProvider clock, ILogger<UnusedClientRounds> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            do
            {
                await LookAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops; the next one goes on.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await remove.RunAsync(cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            log.UnusedClientsNotLookedFor(failure);
        }
    }
}
