namespace Testing;

/// <summary>For what comes soon or never, and nobody tells when.</summary>
public static class Waiting
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(30);

    /// <param name="holds">What is to come to pass.</param>
    /// <param name="patience">How long to wait for it; null: half a minute.</param>
    /// <exception cref="OperationCanceledException">It does not come to pass.</exception>
    public static async Task UntilAsync(Func<Task<bool>> holds, TimeSpan? patience = null)
    {
        using var deadline = new CancellationTokenSource(patience ?? LongEnough);
        while (!await holds())
        {
            await Task.Delay(10, deadline.Token);
        }
    }

    /// <exception cref="OperationCanceledException">It does not come to pass.</exception>
    public static Task UntilAsync(Func<bool> holds) => UntilAsync(() => Task.FromResult(holds()));
}
