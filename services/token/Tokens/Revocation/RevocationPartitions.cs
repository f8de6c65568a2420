using System.Globalization;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Tokens.Revocation;

/// <summary>
/// Keeps the table <c>revocation</c> from growing: on PostgreSQL by partitions, one for each day of expiry, made ahead and dropped when past;
/// on SQLite, and in PostgreSQL's default partition, by sweeping a few rows at a time.
/// </summary>
public sealed class RevocationPartitions(IDatabase database, TimeProvider clock)
{
    private const int DaysAhead = 7;
    private const int SweepBatch = 500;
    private const string Prefix = "revocation_p";

    private const string ListSql = """
        select c.relname
        from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'revocation'::regclass and c.relname like 'revocation\_p%'
        order by c.relname
        """;

    private const string RealmsSql = "select realm_id from revocation_head order by realm_id";

    /// <summary>Makes what is missing and removes what is past. Several replicas may run it at once.</summary>
    public async Task MaintainAsync(CancellationToken cancellationToken)
    {
        // An hour late, for replicas whose clocks differ.
        var before = clock.GetUtcNow().AddHours(-1);
        if (database.Engine == DatabaseEngine.Postgres)
        {
            await using var session = await database.BeginMigrationAsync(cancellationToken);
            await PartitionAsync(session, before, cancellationToken);
            await session.CommitAsync(cancellationToken);
        }

        await SweepAsync(database.Engine == DatabaseEngine.Postgres ? "revocation_default" : "revocation", before, cancellationToken);
    }

    private static async Task PartitionAsync(DatabaseSession session, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var existing = await session.QueryAsync<string>(ListSql, null, cancellationToken);
        var today = DateOnly.FromDateTime(before.UtcDateTime);
        foreach (var past in existing.Where(name => string.CompareOrdinal(name, NameOf(today)) < 0))
        {
            await session.ExecuteAsync($"drop table {past}", null, cancellationToken);
        }

        for (var day = today; day <= today.AddDays(DaysAhead); day = day.AddDays(1))
        {
            if (!existing.Contains(NameOf(day)))
            {
                await session.ExecuteAsync(CreateSql(NameOf(day), Midnight(day), Midnight(day.AddDays(1))), null, cancellationToken);
            }
        }
    }

    private async Task SweepAsync(string table, DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var reading = await database.OpenAsync(cancellationToken);
        var sql = SweepSql(table);
        foreach (var realmId in await reading.QueryAsync<string>(RealmsSql, null, cancellationToken))
        {
            int swept;
            do
            {
                await using var session = await database.BeginWriteAsync(cancellationToken);
                swept = await session.ExecuteAsync(sql, new { realmId, before, SweepBatch }, cancellationToken);
                await session.CommitAsync(cancellationToken);
            }
            while (swept == SweepBatch);
        }
    }

    // Rows of the day may lie in the default partition, where they would forbid the new one: they move in the same transaction.
    private static string CreateSql(string name, string from, string to) => $"""
        create table {name} (like revocation including all);
        with moved as (
            delete from revocation_default where expires_at >= '{from}' and expires_at < '{to}'
            returning realm_id, token_id, expires_at, revoked_at, sequence)
        insert into {name} (realm_id, token_id, expires_at, revoked_at, sequence)
        select realm_id, token_id, expires_at, revoked_at, sequence from moved;
        alter table revocation attach partition {name} for values from ('{from}') to ('{to}');
        """;

    private static string SweepSql(string table) => $"""
        delete from {table}
        where realm_id = @realmId and (token_id, expires_at) in (
            select token_id, expires_at from {table} where realm_id = @realmId and expires_at < @before limit @SweepBatch)
        """;

    private static string NameOf(DateOnly day) => Prefix + day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    private static string Midnight(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + " 00:00:00+00";
}
