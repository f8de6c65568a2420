namespace Pltfrms.Iam.Common.Realms;

/// <summary>How long to wait before a stream is begun again: longer after each failure, and not all followers at one moment.</summary>
internal static class FeedBackoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <param name="failures">In a row.</param>
    /// <param name="clock">The time.</param>
    /// <param name="cancellationToken">Ends the wait, without an exception.</param>
    public static async Task WaitAsync(int failures, TimeProvider clock, CancellationToken cancellationToken)
    {
        var longest = Math.Min(First.TotalMilliseconds * Math.Pow(2, failures), Longest.TotalMilliseconds);
        var jittered = TimeSpan.FromMilliseconds(longest * (0.5 + (Random.Shared.NextDouble() / 2)));
        await Task.Delay(jittered, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
