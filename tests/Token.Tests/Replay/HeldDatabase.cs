using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Errors.V1;

namespace Token.Tests.Replay;

/// <summary>A database whose next writes wait until a test lets them go, or fail.</summary>
internal sealed class HeldDatabase(IDatabase database) : IDatabase
{
    private TaskCompletionSource _hold = Open();
    private int _writes;

    public int Writes => Volatile.Read(ref _writes);

    public bool IsDown { get; set; }

    public DatabaseEngine Engine => database.Engine;

    public void Hold() => _hold = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void LetGo() => _hold.TrySetResult();

    public Task<DatabaseSession> OpenAsync(CancellationToken cancellationToken) => WriteAsync(database.OpenAsync, cancellationToken);

    public Task<DatabaseSession> BeginReadAsync(CancellationToken cancellationToken) => database.BeginReadAsync(cancellationToken);

    public Task<DatabaseSession> BeginWriteAsync(CancellationToken cancellationToken) => WriteAsync(database.BeginWriteAsync, cancellationToken);

    public Task<DatabaseSession> BeginMigrationAsync(CancellationToken cancellationToken) => database.BeginMigrationAsync(cancellationToken);

    /// <remarks>The database is its owner's.</remarks>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<DatabaseSession> WriteAsync(Func<CancellationToken, Task<DatabaseSession>> open, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _writes);
        await _hold.Task.WaitAsync(cancellationToken);
        return IsDown ? throw new IamException(ErrorReason.StorageUnavailable, "The database does not answer.") : await open(cancellationToken);
    }

    private static TaskCompletionSource Open()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }
}
