using System.Data.Common;
using Npgsql;
using NpgsqlTypes;

namespace Pltfrms.Iam.Common.Storage;

/// <summary>One statement for many rows on PostgreSQL, planned once for each connection: each column is one parameter, an array.</summary>
internal static class PostgresColumns
{
    public static async Task<int> ExecuteAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string sql, IReadOnlyDictionary<string, Array> columns, CancellationToken cancellationToken)
    {
        await using var command = CommandOf(connection, transaction, sql, columns);
        await command.PrepareAsync(cancellationToken);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static async Task<IReadOnlyList<T>> QueryAsync<T>(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        string sql,
        IReadOnlyDictionary<string, Array> columns,
        Func<DbDataReader, T> read,
        CancellationToken cancellationToken)
    {
        await using var command = CommandOf(connection, transaction, sql, columns);
        await command.PrepareAsync(cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<T> rows = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static NpgsqlCommand CommandOf(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string sql, IReadOnlyDictionary<string, Array> columns)
    {
        var statement = NumberedSql.Of(sql);
        var command = new NpgsqlCommand(statement.Text, connection, transaction);
        foreach (var name in statement.Names)
        {
            command.Parameters.Add(ParameterOf(columns[name]));
        }

        return command;
    }

    private static NpgsqlParameter ParameterOf(Array values) => values switch
    {
        string[] => Of(NpgsqlDbType.Text, values),
        long[] => Of(NpgsqlDbType.Bigint, values),
        DateTimeOffset[] instants => Of(NpgsqlDbType.TimestampTz, Array.ConvertAll(instants, PortableTypes.ToStored)),
        _ => throw new ArgumentException($"{values.GetType()} has no form in PostgreSQL."),
    };

    private static NpgsqlParameter Of(NpgsqlDbType type, Array values) =>
        new() { NpgsqlDbType = NpgsqlDbType.Array | type, Value = values };
}
