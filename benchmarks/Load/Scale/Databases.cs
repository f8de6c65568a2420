using Pltfrms.Iam.Common.Storage;

namespace Benchmarks.Load.Scale;

/// <summary>The services' databases, opened from here.</summary>
internal static class Databases
{
    // A million rows in one statement take longer than a service would wait.
    private const string Patience = "Command Timeout=600";

    private const string TidyPostgresSql = "vacuum analyze";
    // One word alone would be a procedure to Dapper.
    private const string CheckpointSql = "checkpoint;";
    private const string TidySqliteSql = "analyze";

    public static IDatabase Open(IReadOnlyDictionary<string, string?> settings) => settings["Database:Engine"] == "postgres"
        ? new PostgresDatabase($"{settings["Database:ConnectionString"]};{Patience}")
        : new SqliteDatabase(settings["Database:File"]!);

    /// <summary>Does what the database would do by itself a little later, and so within what is measured.</summary>
    public static async Task TidyAsync(IDatabase database)
    {
        await using var session = await database.OpenAsync(CancellationToken.None);
        if (database.Engine == DatabaseEngine.Postgres)
        {
            await session.ExecuteAsync(TidyPostgresSql, null, CancellationToken.None);
            await session.ExecuteAsync(CheckpointSql, null, CancellationToken.None);
        }
        else
        {
            await session.ExecuteAsync(TidySqliteSql, null, CancellationToken.None);
        }
    }
}
