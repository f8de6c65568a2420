using System.Globalization;
using Npgsql;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.RealmAdmin.Feed;

/// <summary>
/// Tells other replicas of each write that is durable, and hears of theirs, where the database is PostgreSQL. A notice that is lost costs time only: the poll
/// finds what it was about.
/// </summary>
public sealed class RealmNotices(IDatabase database, WatchedRealms watched, TimeProvider clock) : BackgroundService
{
    private const string Channel = "pltfrms_iam_realm";
    private const string NotifySql = $"select pg_notify('{Channel}', @notice)";
    private const string ListenSql = $"listen {Channel}";

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

    /// <summary>Not in the transactions that write: one that notifies keeps all others that do from committing until it is on the disk.</summary>
    private async Task TellAsync(CancellationToken stoppingToken)
    {
        await foreach (var (realmId, revision) in watched.Told.ReadAllAsync(stoppingToken))
        {
            var notice = string.Create(CultureInfo.InvariantCulture, $"{revision} {realmId}");
            await using var session = await database.OpenAsync(stoppingToken);
            await session.ExecuteAsync(NotifySql, new { notice }, stoppingToken);
        }
    }

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        await using var session = await database.OpenAsync(stoppingToken);
        var connection = (NpgsqlConnection)session.Connection;
        connection.Notification += (_, notice) => Hear(notice.Payload);
        await session.ExecuteAsync(ListenSql, parameters: null, stoppingToken);
        while (true)
        {
            if (!await connection.WaitAsync(Silence, stoppingToken))
            {
                await session.ExecuteAsync(ListenSql, parameters: null, stoppingToken);
            }
        }
    }

    private void Hear(string notice)
    {
        if (notice.Split(' ', 2) is [var text, var realmId] && long.TryParse(text, CultureInfo.InvariantCulture, out var revision))
        {
            watched.CommittedAnywhere(realmId, revision);
        }
    }
}
