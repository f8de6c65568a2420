using Npgsql;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Tokens.Revocation;

/// <summary>
/// Hears from PostgreSQL of which realm another replica revoked something, and has it read at once. A notice that is lost costs time only: the
/// poll finds what it was about.
/// </summary>
public sealed class RevocationNotices(IDatabase database, RevocationStore store, Revocations revocations, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Backoff = TimeSpan.FromSeconds(1);

    /// <summary>After so long without a notice the connection is asked whether it is still one.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (database.Engine == DatabaseEngine.Postgres && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception) when (!stoppingToken.IsCancellationRequested)
            {
                // Who polls says that the database is out of reach.
                await Task.Delay(Backoff, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
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
