using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace Pltfrms.Iam.Common.Storage;

/// <summary>
/// Statements that PostgreSQL prepares once for each connection: for one row, or for many in a few round trips. Dapper, which would have each parsed
/// and planned again and wait for the answer to each row, has no words for it; parameters are as its handlers write them.
/// </summary>
internal sealed class PostgresRows
{
    private const int RowsPerTrip = 500;

    private static readonly ConcurrentDictionary<(string Sql, Type Row), PostgresRows> Known = new();

    private readonly string _sql;
    private readonly Column[] _columns;

    private PostgresRows(string sql, Type row)
    {
        var numbered = NumberedSql.Of(sql);
        _sql = numbered.Text;
        _columns = [.. numbered.Names.Select(name => new Column(PropertyOf(row, name)))];
    }

    /// <param name="connection">Where.</param>
    /// <param name="transaction">In which; null: each statement stands alone.</param>
    /// <param name="sql">The statement.</param>
    /// <param name="rows">One or more, all of one type.</param>
    /// <param name="cancellationToken">Ends it; rows before may be written.</param>
    public static async Task ExecuteAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string sql, IReadOnlyCollection<object> rows, CancellationToken cancellationToken)
    {
        var statement = Of(sql, rows.First());
        foreach (var chunk in rows.Chunk(RowsPerTrip))
        {
            await using var batch = new NpgsqlBatch(connection, transaction);
            foreach (var row in chunk)
            {
                var command = new NpgsqlBatchCommand(statement._sql);
                statement.Fill(command.Parameters, row);
                batch.BatchCommands.Add(command);
            }

            await batch.PrepareAsync(cancellationToken);
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>The same for one row; how many it touched.</summary>
    public static async Task<int> ExecuteAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string sql, object row, CancellationToken cancellationToken)
    {
        await using var command = CommandOf(connection, transaction, sql, row);
        await command.PrepareAsync(cancellationToken);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The only row that a statement returns, or null where there is none.</summary>
    public static async Task<T?> QuerySingleOrDefaultAsync<T>(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string sql, object row, CancellationToken cancellationToken)
    {
        await using var command = CommandOf(connection, transaction, sql, row);
        await command.PrepareAsync(cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? reader.GetRowParser<T>()(reader) : default;
    }

    private static PostgresRows Of(string sql, object row) => Known.GetOrAdd((sql, row.GetType()), key => new PostgresRows(key.Sql, key.Row));

    private static NpgsqlCommand CommandOf(NpgsqlConnection connection, NpgsqlTransaction? transaction, string sql, object row)
    {
        var statement = Of(sql, row);
        var command = new NpgsqlCommand(statement._sql, connection, transaction);
        statement.Fill(command.Parameters, row);
        return command;
    }

    private void Fill(NpgsqlParameterCollection parameters, object row)
    {
        foreach (var column in _columns)
        {
            parameters.Add(column.Of(row));
        }
    }

    private static PropertyInfo PropertyOf(Type row, string name) =>
        row.GetProperty(name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)
        ?? throw new ArgumentException($"The rows have no property {name}.");

    /// <summary>A property and how it is written.</summary>
    private sealed class Column(PropertyInfo property)
    {
        private readonly (NpgsqlDbType Type, Func<object, object>? Write) _form = FormOf(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType);

        public NpgsqlParameter Of(object row)
        {
            var value = property.GetValue(row);
            return new NpgsqlParameter
            {
                NpgsqlDbType = _form.Type,
                Value = value is null ? DBNull.Value : _form.Write is null ? value : _form.Write(value),
            };
        }

        private static (NpgsqlDbType Type, Func<object, object>? Write) FormOf(Type type) => type switch
        {
            _ when type == typeof(string) => (NpgsqlDbType.Text, null),
            _ when type == typeof(bool) => (NpgsqlDbType.Boolean, null),
            _ when type == typeof(int) => (NpgsqlDbType.Integer, null),
            _ when type == typeof(long) => (NpgsqlDbType.Bigint, null),
            _ when type == typeof(byte[]) => (NpgsqlDbType.Bytea, null),
            _ when type == typeof(DateTimeOffset) => (NpgsqlDbType.TimestampTz, value => PortableTypes.ToStored((DateTimeOffset)value)),
            _ when type == typeof(TimeSpan) => (NpgsqlDbType.Bigint, value => (long)((TimeSpan)value).TotalSeconds),
            _ when type == typeof(ValueList<string>) => (NpgsqlDbType.Array | NpgsqlDbType.Text, value => ((ValueList<string>)value).ToArray()),
            _ when PortableTypes.IsJson(type) => (NpgsqlDbType.Text, value => JsonSerializer.Serialize(value, type, StoredJson.Options)),
            _ => throw new ArgumentException($"{type} has no form in PostgreSQL."),
        };
    }
}
