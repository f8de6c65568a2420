using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.Registration;

/// <summary>Tells realm-admin every minute which clients got tokens.</summary>
public sealed class ReportClientUses(ClientUses uses, IClientRegistrations registrations, TimeProvider clock, ILogger<ReportClientUses> log) : BackgroundService
{
    private const int MostAtOnce = 1_000;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>One report; what does not arrive waits for the next.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var realm in uses.Take().GroupBy(used => used.RealmId, StringComparer.Ordinal))
        {
            foreach (var some in realm.Chunk(MostAtOnce))
            {
                await ReportAsync(realm.Key, some, cancellationToken);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await RunAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops. What it did not tell is of the last minute.
        }
    }

    private async Task ReportAsync(string realmId, UsedClient[] used, CancellationToken cancellationToken)
    {
        try
        {
            await registrations.RecordUseAsync(new() { RealmId = realmId, ClientIds = { used.Select(client => client.ClientId) } }, cancellationToken);
        }
        catch (IamException gone) when (gone.Reason == ErrorReason.RealmNotFound)
        {
            // Then there is nothing to keep.
        }
        catch (IamException failure)
        {
            uses.PutBack(used);
            log.UsesNotReported(realmId, failure.Message);
        }
    }
}
