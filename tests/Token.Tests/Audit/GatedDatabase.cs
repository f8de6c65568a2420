using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Errors.V1;

namespace Token.Tests.Audit;

/// <summary>A database that counts sessions, lets them wait until a test opens the gate, or is away.</summary>
internal sealed class GatedDatabase(IDatabase database) : IDatabase
{
    private volatile TaskCompletionSource _gate = Opened();
    private volatile bool _isAway;
    private volatile bool _losesAnswers;
    private int _sessions;

    public int Sessions => Volatile.Read(ref _sessions);

    public bool IsAway { get => _isAway; set => _isAway = value; }

    /// <summary>Whether what a session writes is committed, and nobody is told so.</summary>
    public bool LosesAnswers { get => _losesAnswers; set => _losesAnswers = value; }

    public DatabaseEngine Engine => database.Engine;

    public void Close() => _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => _gate.TrySetResult();

    public Task<DatabaseSession> OpenAsync(CancellationToken cancellationToken) => PassAsync(database.OpenAsync, cancellationToken);

    public Task<DatabaseSession> BeginReadAsync(CancellationToken cancellationToken) => PassAsync(database.BeginReadAsync, cancellationToken);

    public Task<DatabaseSession> BeginWriteAsync(CancellationToken cancellationToken) => PassAsync(database.BeginWriteAsync, cancellationToken);

    public Task<DatabaseSession> BeginMigrationAsync(CancellationToken cancellationToken) => database.BeginMigrationAsync(cancellationToken);

    /// <remarks>The database is its owner's.</remarks>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<DatabaseSession> PassAsync(Func<CancellationToken, Task<DatabaseSession>> open, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _sessions);
        await _gate.Task.WaitAsync(cancellationToken);
        return _isAway ? throw Away()
            : _losesAnswers ? await LosingAsync(cancellationToken)
            : await open(cancellationToken);
    }

    private async Task<DatabaseSession> LosingAsync(CancellationToken cancellationToken)
    {
        var session = await database.OpenAsync(cancellationToken);
        var transaction = Engine == DatabaseEngine.Sqlite ? await session.Connection.BeginTransactionAsync(cancellationToken) : null;
        return new DatabaseSession(session.Connection, transaction, () => throw Away());
    }

    private static IamException Away() => new(ErrorReason.StorageUnavailable, "The database does not answer.");

    private static TaskCompletionSource Opened()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }
}
