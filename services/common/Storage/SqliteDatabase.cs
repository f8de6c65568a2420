using System.Data;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Pltfrms.Iam.Common.Storage;

/// <summary>One SQLite file, the embedded default: write-ahead log, every commit synced to disk.</summary>
/// <remarks>Writers of this process queue in order instead of polling SQLite's lock; other processes wait for it up to ten seconds.</remarks>
public sealed class SqliteDatabase : IDatabase
{
    // Most of what is in flight fits the cache. What a statement may have to undo is kept in memory, not in a file for each statement.
    private const string Settings = """
        pragma journal_mode = wal; pragma synchronous = full; pragma temp_store = memory; pragma cache_size = -8192; pragma wal_autocheckpoint = 4000;
        """;

    // Connections that wait in the pool keep their settings.
    private static readonly ConditionalWeakTable<sqlite3, string> Known = [];

    private readonly string _connectionString;
    private readonly string _file;
    private readonly SemaphoreSlim _writer = new(1, 1);

    // Who holds the writer has it too. What another connection writes makes a cache worthless, so all writers use one.
    private SqliteConnection? _writing;

    /// <param name="file">The file's path; it is made where it is missing, its folder must exist.</param>
    public SqliteDatabase(string file)
    {
        PortableTypes.Register();
        _file = file;
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = file,
            ForeignKeys = true,
            DefaultTimeout = 10,
            Pooling = true,
        }.ToString();
    }

    public DatabaseEngine Engine => DatabaseEngine.Sqlite;

    public async Task<DatabaseSession> OpenAsync(CancellationToken cancellationToken) =>
        new(await ConnectAsync(cancellationToken), transaction: null, onDispose: null);

    public async Task<DatabaseSession> BeginReadAsync(CancellationToken cancellationToken)
    {
        var connection = await ConnectAsync(cancellationToken);
        try
        {
            return new DatabaseSession(connection, connection.BeginTransaction(deferred: true), onDispose: null);
        }
        catch (Exception exception)
        {
            await connection.DisposeAsync();
            throw StorageFault.Translate(exception) ?? exception;
        }
    }

    public async Task<DatabaseSession> BeginWriteAsync(CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken);
        try
        {
            var connection = await TakeWritingAsync(cancellationToken);
            try
            {
                var transaction = connection.BeginTransaction(IsolationLevel.Serializable);
                return new DatabaseSession(connection, transaction, () => _writer.Release()) { Return = isCommitted => KeepAsync(connection, isCommitted) };
            }
            catch (Exception exception)
            {
                await connection.DisposeAsync();
                throw StorageFault.Translate(exception) ?? exception;
            }
        }
        catch
        {
            _writer.Release();
            throw;
        }
    }

    /// <remarks>A write transaction is the lock: it excludes other processes too.</remarks>
    public Task<DatabaseSession> BeginMigrationAsync(CancellationToken cancellationToken) => BeginWriteAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _writing, null) is { } writing)
        {
            await writing.DisposeAsync();
        }

        using (var connection = new SqliteConnection(_connectionString))
        {
            SqliteConnection.ClearPool(connection);
        }

        _writer.Dispose();
    }

    /// <summary>The connection of the last writer, unless its file has gone away under it.</summary>
    private async Task<SqliteConnection> TakeWritingAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _writing, null) is { } kept)
        {
            if (File.Exists(_file))
            {
                return kept;
            }

            await kept.DisposeAsync();
        }

        return await ConnectAsync(cancellationToken);
    }

    /// <summary>After anything but a commit nobody knows what state it is in.</summary>
    private async ValueTask KeepAsync(SqliteConnection connection, bool isCommitted)
    {
        if (!isCommitted || Interlocked.CompareExchange(ref _writing, connection, null) is not null)
        {
            await connection.DisposeAsync();
        }
    }

    private async Task<SqliteConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            if (!Known.TryGetValue(connection.Handle!, out _))
            {
                using var command = connection.CreateCommand();
                command.CommandText = Settings;
                command.ExecuteNonQuery();
                Known.AddOrUpdate(connection.Handle!, Settings);
            }

            return connection;
        }
        catch (Exception exception)
        {
            await connection.DisposeAsync();
            throw StorageFault.Translate(exception) ?? exception;
        }
    }
}
