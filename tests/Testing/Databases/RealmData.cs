using Pltfrms.Iam.Common.Storage;

namespace Testing.Databases;

/// <summary>What a database has of realms, by its own catalogue: a table that nobody thought of is found too.</summary>
public static class RealmData
{
    private const string PostgresTablesSql = """
        select c.relname
        from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'realm_id'
        where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = current_schema()::regnamespace
        order by c.relname collate "C"
        """;

    private const string SqliteTablesSql = """
        select m.name
        from sqlite_master m
        join pragma_table_info(m.name) c on c.name = 'realm_id'
        where m.type = 'table'
        order by m.name
        """;

    private const string PostgresColumnsSql =
        "select column_name as Name, data_type as Type from information_schema.columns where table_schema = current_schema() and table_name = @table";

    private const string SqliteColumnsSql = "select name as Name, lower(type) as Type from pragma_table_info(@table)";

    /// <summary>The tables with a column <c>realm_id</c>, in ordinal order.</summary>
    public static Task<IReadOnlyList<string>> TablesAsync(DatabaseSession session) =>
        session.QueryAsync<string>(session.Engine == DatabaseEngine.Postgres ? PostgresTablesSql : SqliteTablesSql, null, CancellationToken.None);

    /// <summary>How many rows of a realm each table has.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> CountAsync(DatabaseSession session, string realmId)
    {
        Dictionary<string, long> rows = [];
        foreach (var table in await TablesAsync(session))
        {
            rows[table] = await session.QuerySingleOrDefaultAsync<long>(
                $"select count(1) from {table} where realm_id = @realmId", new { realmId }, CancellationToken.None);
        }

        return rows;
    }

    /// <summary>Adds rows to a table that are of the realm and otherwise mean nothing; they expire long after all tests.</summary>
    /// <param name="session">Writes.</param>
    /// <param name="table">Without foreign keys.</param>
    /// <param name="realmId">The realm.</param>
    /// <param name="count">How many.</param>
    /// <param name="fixedValues">By <c>table.column</c>: values that a constraint asks for.</param>
    public static async Task AddAsync(
        DatabaseSession session, string table, string realmId, int count, IReadOnlyDictionary<string, string> fixedValues)
    {
        var sql = session.Engine == DatabaseEngine.Postgres ? PostgresColumnsSql : SqliteColumnsSql;
        var columns = await session.QueryAsync<Column>(sql, new { table }, CancellationToken.None);
        for (var number = 1; number <= count; number++)
        {
            var values = columns.Select(column => column.Name == "realm_id" ? "@realmId"
                : fixedValues.TryGetValue($"{table}.{column.Name}", out var value) ? $"'{value}'"
                : ValueOf(column, number));
            await session.ExecuteAsync(
                $"insert into {table} ({string.Join(", ", columns.Select(column => column.Name))}) values ({string.Join(", ", values)})",
                new { realmId },
                CancellationToken.None);
        }
    }

    private static string ValueOf(Column column, int number) => column.Type switch
    {
        _ when column.Name.EndsWith("_at", StringComparison.Ordinal) => "'2999-01-01T00:00:00.000000Z'",
        "boolean" => "false",
        "bigint" or "integer" => $"{number}",
        "bytea" => "'\\x01'::bytea",
        "blob" => "x'01'",
        "ARRAY" => "'{}'",
        _ => $"'{column.Name}-{number}'",
    };

    private sealed record Column
    {
        public required string Name { get; init; }

        public required string Type { get; init; }
    }
}
