using Npgsql;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Tokens.Revocation;

/// <summary>
/// Tells other replicas over PostgreSQL of which realm this one revoked something, and has read at once what they tell. A notice that is lost costs time only: the
/// poll finds what it was about.
/// </summary>
public sealed class RevocationNotices(IDatabase database, RevocationStore store, Revocations revocations, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Backoff = TimeSpan.FromSeconds(1);

    /// <summary>After so long without a notice the connection is asked whether it is still one.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => database.Engine != DatabaseEngine.Postgres
        ? Task.CompletedTask
        : Task.WhenAll(AgainAsync(ListenAsync, stoppingToken), AgainAsync(TellAsync, stoppingToken));

    private async Task AgainAsync(Func<CancellationToken, Task> what, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await what(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception)
            {
                // Who polls says that the database is out of reach.
                await Task.Delay(Backoff, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task TellAsync(CancellationToken stoppingToken)
    {
        var realmIds = new HashSet<string>(StringComparer.Ordinal);
        while (await revocations.Told.WaitToReadAsync(stoppingToken))
        {
            realmIds.Clear();
            while (revocations.Told.TryRead(out var realmId))
            {
                realmIds.Add(realmId);
            }

            await using var session = await database.OpenAsync(stoppingToken);
            await store.NotifyAsync(session, realmIds, stoppingToken);
        }
    }

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        await using var session = await database.OpenAsync(stoppingToken);
        var connection = (NpgsqlConnection)session.Connection;
        connection.Notification += (_, notice) => revocations.Hurry(notice.Payload);
        await store.ListenAsync(session, stoppingToken);

        // What was revoked while nobody listened.
        await revocations.RefreshAsync(stoppingToken);
        while (true)
        {
            if (!await connection.WaitAsync(Silence, stoppingToken))
            {
                await store.ListenAsync(session, stoppingToken);
            }
        }
    }
}
