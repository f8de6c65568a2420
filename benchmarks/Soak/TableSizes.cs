using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Token.Storage;

namespace Benchmarks.Soak;

/// <summary>How much is stored: rows of each table whose rows expire, and bytes of all.</summary>
internal sealed record TableSizes(IReadOnlyDictionary<string, long> Rows, long Bytes)
{
    // With indexes, partitions and what is not vacuumed yet.
    private const string PostgresBytesSql = "select cast(sum(pg_total_relation_size(oid)) as bigint) from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace";

    private const string SqliteBytesSql = "select page_count * page_size from pragma_page_count(), pragma_page_size()";

    public long AllRows => Rows.Values.Sum();

    public static async Task<TableSizes> ReadAsync(IDatabase database)
    {
        await using var session = await database.OpenAsync(CancellationToken.None);
        var rows = new Dictionary<string, long>();
        foreach (var table in TokenTables.All)
        {
            rows[table.Name] = await session.QuerySingleOrDefaultAsync<long>($"select count(*) from {table.Name}", null, CancellationToken.None);
        }

        var sql = database.Engine == DatabaseEngine.Postgres ? PostgresBytesSql : SqliteBytesSql;
        return new TableSizes(rows, await session.QuerySingleOrDefaultAsync<long>(sql, null, CancellationToken.None));
    }
}
