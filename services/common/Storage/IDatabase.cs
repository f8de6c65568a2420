namespace Pltfrms.Iam.Common.Storage;

/// <summary>One service's database. All that differs between the engines is behind this seam; the stores' SQL is portable.</summary>
/// <remarks>Every method throws <c>IamException(StorageUnavailable)</c> where the database cannot be reached.</remarks>
public interface IDatabase : IAsyncDisposable
{
    DatabaseEngine Engine { get; }

    /// <summary>A session without a transaction: each statement stands alone.</summary>
    Task<DatabaseSession> OpenAsync(CancellationToken cancellationToken);

    /// <summary>A session in which all reads see one state of the database.</summary>
    Task<DatabaseSession> BeginReadAsync(CancellationToken cancellationToken);

    /// <summary>A session that writes; nothing is kept unless it is committed.</summary>
    Task<DatabaseSession> BeginWriteAsync(CancellationToken cancellationToken);

    /// <summary>Takes the lock under which migrations run, for as long as the session lives.</summary>
    Task<DatabaseSession> BeginMigrationAsync(CancellationToken cancellationToken);
}
