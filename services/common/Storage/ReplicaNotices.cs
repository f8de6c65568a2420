using Npgsql;

namespace Pltfrms.Iam.Common.Storage;

/// <summary>
/// Tells the other replicas of a service what this one wrote, and hears of what they did, over PostgreSQL's notices. A notice that is lost costs time only:
/// who polls finds what it was about. SQLite's file has no other replica.
/// </summary>
public sealed class ReplicaNotices(IDatabase database, TimeProvider clock)
{
    private const string NotifySql = "select pg_notify(@channel, notice) from unnest(@notices) as notice";

    private static readonly TimeSpan Backoff = TimeSpan.FromSeconds(1);

    /// <summary>After so long without a notice the connection is asked whether it is still one.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    /// <summary>Tells and listens, through every outage, until it is to stop.</summary>
    public Task RunAsync(NoticeChannel channel, CancellationToken stoppingToken) => database.Engine != DatabaseEngine.Postgres
        ? Task.CompletedTask
        : Task.WhenAll(AgainAsync(ListenAsync, channel, stoppingToken), AgainAsync(TellAsync, channel, stoppingToken));

    private async Task AgainAsync(Func<NoticeChannel, CancellationToken, Task> what, NoticeChannel channel, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await what(channel, stoppingToken);
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
    private async Task TellAsync(NoticeChannel channel, CancellationToken stoppingToken)
    {
        var notices = new HashSet<string>(StringComparer.Ordinal);
        while (await channel.Told.WaitToReadAsync(stoppingToken))
        {
            notices.Clear();
            while (channel.Told.TryRead(out var notice))
            {
                notices.Add(notice);
            }

            await using var session = await database.OpenAsync(stoppingToken);
            await session.ExecuteAsync(NotifySql, new { channel = channel.Name, notices = notices.ToValueList() }, stoppingToken);
        }
    }

    private async Task ListenAsync(NoticeChannel channel, CancellationToken stoppingToken)
    {
        var listenSql = $"listen {channel.Name}";
        await using var session = await database.OpenAsync(stoppingToken);
        var connection = (NpgsqlConnection)session.Connection;
        connection.Notification += (_, notice) => channel.Heard(notice.Payload);
        try
        {
            await session.ExecuteAsync(listenSql, parameters: null, stoppingToken);
            await channel.Listening(stoppingToken);
            while (true)
            {
                if (!await connection.WaitAsync(Silence, stoppingToken))
                {
                    await session.ExecuteAsync(listenSql, parameters: null, stoppingToken);
                }
            }
        }
        finally
        {
            // A connection in the pool that still listened would gather notices that nobody reads.
            NpgsqlConnection.ClearPool(connection);
        }
    }
}
