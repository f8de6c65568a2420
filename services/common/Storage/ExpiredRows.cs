using System.Globalization;

namespace Pltfrms.Iam.Common.Storage;

/// <summary>
/// Keeps tables from growing: on PostgreSQL by partitions, each for some days of expiry, made ahead and dropped when past;
/// on SQLite, and in PostgreSQL's default partitions, by sweeping a few rows at a time.
/// </summary>
public sealed class ExpiredRows(IDatabase database, IReadOnlyList<ExpiringTable> tables, TimeProvider clock)
{
    private const int SweepBatch = 500;

    private const string ListSql = """
        select c.relname
        from pg_inherits i
        join pg_class c on c.oid = i.inhrelid
        join pg_class parent on parent.oid = i.inhparent
        where parent.relname = @Name and c.relname like @Name || '\_p%'
        order by c.relname
        """;

    /// <summary>Makes what is missing and removes what is past. Several replicas may run it at once.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        // An hour late, for replicas whose clocks differ.
        var before = clock.GetUtcNow().AddHours(-1);
        foreach (var table in tables)
        {
            if (database.Engine == DatabaseEngine.Postgres)
            {
                await using var session = await database.BeginMigrationAsync(cancellationToken);
                await PartitionAsync(session, table, before, cancellationToken);
                await session.CommitAsync(cancellationToken);
            }

            await SweepAsync(table, before, cancellationToken);
        }
    }

    private static async Task PartitionAsync(DatabaseSession session, ExpiringTable table, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var existing = await session.QueryAsync<string>(ListSql, new { table.Name }, cancellationToken);
        var today = DateOnly.FromDateTime(before.UtcDateTime);
        var current = today.AddDays(-(today.DayNumber % table.DaysPerPartition));
        foreach (var past in existing.Where(name => string.CompareOrdinal(name, NameOf(table, current)) < 0))
        {
            await session.ExecuteAsync($"drop table {past}", null, cancellationToken);
        }

        for (var i = 0; i <= table.PartitionsAhead; i++)
        {
            var from = current.AddDays(i * table.DaysPerPartition);
            if (!existing.Contains(NameOf(table, from)))
            {
                await session.ExecuteAsync(CreateSql(table, from), null, cancellationToken);
            }
        }
    }

    /// <remarks>All realms at once: what it costs depends on the rows, not on how many realms there are.</remarks>
    private async Task SweepAsync(ExpiringTable table, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var sql = database.Engine == DatabaseEngine.Postgres ? SweepDefaultSql(table) : SweepSql(table);
        int swept;
        do
        {
            await using var session = await database.BeginWriteAsync(cancellationToken);
            swept = await session.ExecuteAsync(sql, new { before, SweepBatch }, cancellationToken);
            await session.CommitAsync(cancellationToken);
        }
        while (swept == SweepBatch);
    }

    // Rows of these days may lie in the default partition, where they would forbid the new one: they move in the same transaction.
    private static string CreateSql(ExpiringTable table, DateOnly day)
    {
        var name = NameOf(table, day);
        var (from, to) = (Midnight(day), Midnight(day.AddDays(table.DaysPerPartition)));
        return $"""
            create table {name} (like {table.Name} including all);
            with moved as (
                delete from {table.Name}_default where expires_at >= '{from}' and expires_at < '{to}'
                returning {table.Columns})
            insert into {name} ({table.Columns})
            select {table.Columns} from moved;
            alter table {table.Name} attach partition {name} for values from ('{from}') to ('{to}');
            """;
    }

    // Nearly always empty.
    private static string SweepDefaultSql(ExpiringTable table) => $"""
        delete from {table.Name}_default
        where (realm_id, {table.Key}, expires_at) in (
            select realm_id, {table.Key}, expires_at from {table.Name}_default where expires_at < @before limit @SweepBatch)
        """;

    // From one realm to the next by the index on (realm_id, expires_at): rows that have not expired are not looked at.
    private static string SweepSql(ExpiringTable table) => $"""
        with recursive realm (id) as (
            select min(realm_id) from {table.Name}
            union all
            select (select min(realm_id) from {table.Name} where realm_id > realm.id) from realm where realm.id is not null)
        delete from {table.Name}
        where (realm_id, {table.Key}, expires_at) in (
            select realm_id, {table.Key}, expires_at from realm cross join {table.Name} on realm_id = realm.id where expires_at < @before limit @SweepBatch)
        """;

    private static string NameOf(ExpiringTable table, DateOnly day) => $"{table.Name}_p{day.ToString("yyyyMMdd", CultureInfo.InvariantCulture)}";

    private static string Midnight(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + " 00:00:00+00";
}
