using Pltfrms.Iam.Common.Storage;

namespace Testing.Databases;

/// <summary>A database that counts the sessions on it: what grows with something grows here, however fast the machine is.</summary>
public sealed class CountingDatabase(IDatabase database) : IDatabase
{
    private int _sessions;

    public int Sessions => Volatile.Read(ref _sessions);

    public DatabaseEngine Engine => database.Engine;

    public Task<DatabaseSession> OpenAsync(CancellationToken cancellationToken) => Count(database.OpenAsync(cancellationToken));

    public Task<DatabaseSession> BeginReadAsync(CancellationToken cancellationToken) => Count(database.BeginReadAsync(cancellationToken));

    public Task<DatabaseSession> BeginWriteAsync(CancellationToken cancellationToken) => Count(database.BeginWriteAsync(cancellationToken));

    public Task<DatabaseSession> BeginMigrationAsync(CancellationToken cancellationToken) => Count(database.BeginMigrationAsync(cancellationToken));

    /// <remarks>The database is its owner's.</remarks>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task<DatabaseSession> Count(Task<DatabaseSession> session)
    {
        Interlocked.Increment(ref _sessions);
        return session;
    }
}
