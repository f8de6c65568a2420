using System.Reflection;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Npgsql;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Common.Hosting;

/// <summary>Makes the configured database ready: reachable, sound, and of the schema that the code expects.</summary>
internal sealed class DatabaseStart(IOptions<DatabaseSettings> settings, IServiceProvider services, TimeProvider clock)
{
    // sqlite.org/rescode.html
    private const int SqliteCorrupt = 11;
    private const int SqliteNotADatabase = 26;

    // A full check reads the whole file; beyond this size the start would be slow, so only the schema is read.
    private const long CheckedSize = 64 * 1024 * 1024;

    public static IDatabase Create(DatabaseSettings settings) => settings.Engine == "postgres"
        ? new PostgresDatabase(settings.ConnectionString!)
        : new SqliteDatabase(Path.GetFullPath(settings.File!));

    /// <exception cref="StartupException">With what is wrong and which setting names it.</exception>
    public async Task RunAsync(Assembly migrations, CancellationToken cancellationToken)
    {
        if (settings.Value.Engine == "sqlite")
        {
            PrepareFile(Path.GetFullPath(settings.Value.File!));
        }

        var database = (IDatabase)services.GetService(typeof(IDatabase))!;
        try
        {
            await new Migrator(database, migrations, clock).MigrateAsync(cancellationToken);
        }
        catch (Exception exception) when (Explain(exception) is { } why)
        {
            throw new StartupException(why, exception);
        }
    }

    private static void PrepareFile(string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        try
        {
            Directory.CreateDirectory(folder);
            // Opened for writing and left as it is; SQLite itself would say no more than "cannot open".
            using var probe = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
            if (probe.Length == 0)
            {
                return;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"Database:File: {file} cannot be written: {exception.Message}", exception);
        }

        Check(file);
    }

    private static void Check(string file)
    {
        var connectionString = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString();
        try
        {
            using var connection = new SqliteConnection(connectionString);
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = new FileInfo(file).Length <= CheckedSize
                ? "pragma quick_check(1)"
                : "select case when count(*) >= 0 then 'ok' end from sqlite_schema";
            if (command.ExecuteScalar() is not "ok")
            {
                throw new StartupException(Damaged(file));
            }
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is SqliteCorrupt or SqliteNotADatabase)
        {
            throw new StartupException(Damaged(file), exception);
        }
    }

    private static string Damaged(string file) =>
        $"Database:File: {file} is damaged or not an SQLite database; restore it from a backup or move it away.";

    private string? Explain(Exception exception) => exception switch
    {
        SchemaVersionException e => $"Database: {Where()}: {e.Message}",
        SqliteException { SqliteErrorCode: SqliteCorrupt or SqliteNotADatabase } => Damaged(Path.GetFullPath(settings.Value.File!)),
        IamException e => $"Database: {Where()} does not answer: {(e.InnerException ?? e).Message}",
        // 28: invalid authorization; 3D: no such database (PostgreSQL manual, appendix A).
        PostgresException e when e.SqlState.StartsWith("28", StringComparison.Ordinal) || e.SqlState.StartsWith("3D", StringComparison.Ordinal)
            || e.SqlState == PostgresErrorCodes.InsufficientPrivilege =>
            $"Database:ConnectionString: {Where()} refuses: {e.MessageText}",
        _ => null,
    };

    private string Where()
    {
        if (settings.Value.Engine == "sqlite")
        {
            return Path.GetFullPath(settings.Value.File!);
        }

        var target = new NpgsqlConnectionStringBuilder(settings.Value.ConnectionString);
        return $"PostgreSQL at {target.Host}:{target.Port}, database {target.Database ?? target.Username}";
    }
}
