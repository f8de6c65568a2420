using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Pltfrms.Iam.Common.Storage;

/// <summary>An open connection, with or without a transaction, that stores run their SQL on.</summary>
/// <remarks>
/// Every statement throws <c>IamException(StorageUnavailable)</c> where the database cannot be reached, and
/// <see cref="UniqueViolationException"/> where a unique key is taken. Anything else leaves as it is: a fault of ours.
/// </remarks>
public sealed class DatabaseSession(DbConnection connection, DbTransaction? transaction, Action? onDispose) : IAsyncDisposable
{
    private Action? _onDispose = onDispose;
    private bool _isCommitted;

    /// <summary>Takes the connection back at the end, and is told whether all went well with it; null: it is closed.</summary>
    internal Func<bool, ValueTask>? Return { get; init; }

    /// <summary>For the few statements that have no portable form, such as those that take a list.</summary>
    public DatabaseEngine Engine => connection is NpgsqlConnection ? DatabaseEngine.Postgres : DatabaseEngine.Sqlite;

    /// <summary>For what Dapper has no words for: bulk copies and the like, behind a seam of their own.</summary>
    public DbConnection Connection => connection;

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters, CancellationToken cancellationToken)
    {
        try
        {
            return (await connection.QueryAsync<T>(Command(sql, parameters, cancellationToken))).AsList();
        }
        catch (Exception exception) when (StorageFault.Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>The only row, or null where there is none.</summary>
    public async Task<T?> QuerySingleOrDefaultAsync<T>(string sql, object? parameters, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.QuerySingleOrDefaultAsync<T>(Command(sql, parameters, cancellationToken));
        }
        catch (Exception exception) when (StorageFault.Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>Runs a statement; returns how many rows it touched.</summary>
    public async Task<int> ExecuteAsync(string sql, object? parameters, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.ExecuteAsync(Command(sql, parameters, cancellationToken));
        }
        catch (Exception exception) when (StorageFault.Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>
    /// <see cref="ExecuteAsync"/> for a statement that comes by the thousand: each connection to PostgreSQL parses it once and keeps a plan. Not for one whose
    /// best plan depends on its parameters.
    /// </summary>
    public async Task<int> ExecutePreparedAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        try
        {
            return connection is NpgsqlConnection postgres
                ? await PostgresRows.ExecuteAsync(postgres, (NpgsqlTransaction?)transaction, sql, parameters, cancellationToken)
                : await connection.ExecuteAsync(Command(sql, parameters, cancellationToken));
        }
        catch (Exception exception) when (StorageFault.Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary><see cref="QuerySingleOrDefaultAsync"/> for such a statement.</summary>
    public async Task<T?> QueryPreparedAsync<T>(string sql, object parameters, CancellationToken cancellationToken)
    {
        try
        {
            return connection is NpgsqlConnection postgres
                ? await PostgresRows.QuerySingleOrDefaultAsync<T>(postgres, (NpgsqlTransaction?)transaction, sql, parameters, cancellationToken)
                : await connection.QuerySingleOrDefaultAsync<T>(Command(sql, parameters, cancellationToken));
        }
        catch (Exception exception) when (StorageFault.Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>
    /// Runs a statement for each row, in order: thousands cost little more than one, for no row waits for the answer to the one before.
    /// Parameters are the rows' properties.
    /// </summary>
    public async Task ExecuteEachAsync(string sql, IReadOnlyCollection<object> rows, CancellationToken cancellationToken)
    {
        if (connection is not NpgsqlConnection postgres || rows.Count <= 1)
        {
            // On SQLite, which is in this process, Dapper prepares the statement once.
            await ExecuteAsync(sql, rows, cancellationToken);
            return;
        }

        try
        {
            await PostgresRows.ExecuteAsync(postgres, (NpgsqlTransaction?)transaction, sql, rows, cancellationToken);
        }
        catch (Exception exception) when (StorageFault.Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>PostgreSQL only: runs one statement that takes many rows, a column in each of its parameters. How many rows it touched.</summary>
    public async Task<int> ExecuteColumnsAsync(string sql, IReadOnlyDictionary<string, Array> columns, CancellationToken cancellationToken)
    {
        try
        {
            return await PostgresColumns.ExecuteAsync((NpgsqlConnection)connection, (NpgsqlTransaction?)transaction, sql, columns, cancellationToken);
        }
        catch (Exception exception) when (StorageFault.Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>PostgreSQL only: the same, for a statement that returns rows.</summary>
    public async Task<IReadOnlyList<T>> QueryColumnsAsync<T>(
        string sql, IReadOnlyDictionary<string, Array> columns, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        try
        {
            return await PostgresColumns.QueryAsync((NpgsqlConnection)connection, (NpgsqlTransaction?)transaction, sql, columns, read, cancellationToken);
        }
        catch (Exception exception) when (StorageFault.Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>SQLite only: runs a statement for each row, in order, a column in each of its parameters. How many rows each run touched.</summary>
    public IReadOnlyList<int> ExecuteRows(string sql, IReadOnlyDictionary<string, Array> columns)
    {
        try
        {
            return SqliteRows.Execute((SqliteConnection)connection, (SqliteTransaction?)transaction, sql, columns);
        }
        catch (Exception exception) when (StorageFault.Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>Keeps what the session wrote. After the answer it is durable.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        if (transaction is null)
        {
            throw new InvalidOperationException("This session has no transaction.");
        }

        try
        {
            await transaction.CommitAsync(cancellationToken);
            _isCommitted = true;
        }
        catch (Exception exception) when (StorageFault.Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (transaction is not null)
            {
                await transaction.DisposeAsync();
            }
        }
        catch (Exception exception) when (StorageFault.Translate(exception) is not null)
        {
            // The connection is gone, and what was not committed with it.
        }
        finally
        {
            await (Return?.Invoke(_isCommitted) ?? connection.DisposeAsync());
            Interlocked.Exchange(ref _onDispose, null)?.Invoke();
        }
    }

    private CommandDefinition Command(string sql, object? parameters, CancellationToken cancellationToken) =>
        new(sql, parameters, transaction, cancellationToken: cancellationToken);
}
