using Microsoft.Data.Sqlite;

namespace Pltfrms.Iam.Common.Storage;

/// <summary>One statement for many rows on SQLite, compiled once and run for each: each column is one parameter.</summary>
internal static class SqliteRows
{
    public static int[] Execute(SqliteConnection connection, SqliteTransaction? transaction, string sql, IReadOnlyDictionary<string, Array> columns)
    {
        using var command = connection.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, transaction);
        var parameters = columns.Select(column => (Parameter: command.Parameters.Add(new SqliteParameter { ParameterName = column.Key }), column.Value)).ToArray();
        var touched = new int[parameters[0].Value.Length];
        for (var row = 0; row < touched.Length; row++)
        {
            foreach (var (parameter, values) in parameters)
            {
                parameter.Value = ValueOf(values, row);
            }

            touched[row] = command.ExecuteNonQuery();
        }

        return touched;
    }

    private static object ValueOf(Array values, int row) => values switch
    {
        string[] texts => texts[row],
        long[] numbers => numbers[row],
        DateTimeOffset[] instants => InstantText.Write(instants[row]),
        _ => throw new ArgumentException($"{values.GetType()} has no form in SQLite."),
    };
}
