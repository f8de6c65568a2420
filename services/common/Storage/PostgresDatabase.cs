using System.Data;
using Npgsql;

namespace Pltfrms.Iam.Common.Storage;

/// <summary>A PostgreSQL database, the production store.</summary>
public sealed class PostgresDatabase : IDatabase
{
    // Any number that no other program on the database takes; pg_advisory_xact_lock has one space for all.
    private const long MigrationLock = 0x506c_7446_726d_7301;

    // What is written for many requests together goes out in few pieces: each wakes the server. In bytes, for each connection.
    private const int WriteBufferSize = 64 * 1024;

    private readonly NpgsqlDataSource _dataSource;

    /// <param name="connectionString">As Npgsql understands it.</param>
    public PostgresDatabase(string connectionString)
    {
        PortableTypes.Register();
        // Sessions leave nothing behind on their connection: putting it in order again would cost as much as a short statement.
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { NoResetOnClose = true };
        settings.WriteBufferSize = Math.Max(settings.WriteBufferSize, WriteBufferSize);
        _dataSource = NpgsqlDataSource.Create(settings);
    }

    public DatabaseEngine Engine => DatabaseEngine.Postgres;

    public async Task<DatabaseSession> OpenAsync(CancellationToken cancellationToken) =>
        new(await ConnectAsync(cancellationToken), transaction: null, onDispose: null);

    public Task<DatabaseSession> BeginReadAsync(CancellationToken cancellationToken) =>
        BeginAsync(IsolationLevel.RepeatableRead, cancellationToken);

    public Task<DatabaseSession> BeginWriteAsync(CancellationToken cancellationToken) =>
        BeginAsync(IsolationLevel.ReadCommitted, cancellationToken);

    public async Task<DatabaseSession> BeginMigrationAsync(CancellationToken cancellationToken)
    {
        var session = await BeginWriteAsync(cancellationToken);
        await session.ExecuteAsync("select pg_advisory_xact_lock(@MigrationLock)", new { MigrationLock }, cancellationToken);
        return session;
    }

    public ValueTask DisposeAsync() => _dataSource.DisposeAsync();

    private async Task<DatabaseSession> BeginAsync(IsolationLevel isolation, CancellationToken cancellationToken)
    {
        var connection = await ConnectAsync(cancellationToken);
        try
        {
            return new DatabaseSession(connection, await connection.BeginTransactionAsync(isolation, cancellationToken), onDispose: null);
        }
        catch (Exception exception)
        {
            await connection.DisposeAsync();
            throw StorageFault.Translate(exception) ?? exception;
        }
    }

    private async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _dataSource.OpenConnectionAsync(cancellationToken);
        }
        catch (Exception exception) when (StorageFault.Translate(exception) is { } translated)
        {
            throw translated;
        }
    }
}
