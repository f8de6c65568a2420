namespace Testing;

/// <summary>For what comes soon or never, and nobody tells when.</summary>
public static class Waiting
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(30);

    /// <exception cref="OperationCanceledException">It does not come to pass.</exception>
    public static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var deadline = new CancellationTokenSource(LongEnough);
        while (!await holds())
        {
            await Task.Delay(10, deadline.Token);
        }
    }

    /// <exception cref="OperationCanceledException">It does not come to pass.</exception>
    public static Task UntilAsync(Func<bool> holds) => UntilAsync(() => Task.FromResult(holds()));
}
