using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.RealmAdmin.Realms;

/// <summary>
/// Erases deleted realms in transactions so small that writers of other realms do not notice. What is left to do is in the database:
/// after a restart it goes on where it was, and two replicas do no harm to each other.
/// </summary>
public sealed class EraseRealms(IDatabase database, ErasureStore erasure, TimeProvider clock, ILogger<EraseRealms> log) : BackgroundService
{
    private const int MostRealms = 100;
    private const int MostRows = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Interval, clock);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await EraseAllAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops; the next one goes on.
        }
    }

    private async Task EraseAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var realmId in await ListAsync(cancellationToken))
            {
                for (var step = 0; step < ErasureStore.Steps; step++)
                {
                    while (await EraseAsync(realmId, step, cancellationToken) > 0)
                    {
                        // More of the same.
                    }
                }

                log.RealmErased(realmId);
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // An outage, most likely; the next turn goes on, and nobody waits for it.
            log.ErasureStopped(failure);
        }
    }

    private async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await erasure.ListAsync(session, MostRealms, cancellationToken);
    }

    private async Task<int> EraseAsync(string realmId, int step, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginWriteAsync(cancellationToken);
        var erased = await erasure.EraseAsync(session, realmId, step, MostRows, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return erased;
    }
}
