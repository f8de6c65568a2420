using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Npgsql;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Common.Storage;

/// <summary>Tells an outage, a taken key and a text that is none from a fault of ours, by codes and never by message text.</summary>
internal static class StorageFault
{
    // sqlite.org/rescode.html
    private const int SqliteConstraintPrimaryKey = 1555;
    private const int SqliteConstraintUnique = 2067;
    private static readonly int[] SqliteOutages = [5 /* busy */, 6 /* locked */, 8 /* readonly */, 10 /* ioerr */, 13 /* full */, 14 /* cantopen */];

    /// <summary>The exception to throw instead, or null to let the original pass.</summary>
    public static Exception? Translate(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } e =>
            new UniqueViolationException(e.ConstraintName ?? "", e),
        SqliteException { SqliteExtendedErrorCode: SqliteConstraintPrimaryKey or SqliteConstraintUnique } e =>
            new UniqueViolationException(e.Message.Split(": ").LastOrDefault("").TrimEnd('\'', '.'), e),
        // PostgreSQL keeps no NUL in a text, SQLite does: whoever sends one is told, and nobody else has one.
        PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire } =>
            new IamException(ErrorReason.InvalidArgument, "A text has a character that no text may have.", exception),
        _ when IsOutage(exception) =>
            new IamException(ErrorReason.StorageUnavailable, "The database does not answer.", exception),
        _ => null,
    };

    private static bool IsOutage(Exception exception) => exception switch
    {
        PostgresException e => e.IsTransient || e.SqlState.StartsWith("57P", StringComparison.Ordinal),
        NpgsqlException => true,
        SqliteException e => SqliteOutages.Contains(e.SqliteErrorCode),
        TimeoutException or SocketException => true,
        _ => false,
    };
}
