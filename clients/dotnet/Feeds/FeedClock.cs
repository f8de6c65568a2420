namespace Pltfrms.Iam.Client.Feeds;

/// <summary>This side's time as the streams use it: it only ever moves on, whatever is done to the machine's clock.</summary>
internal sealed class FeedClock(TimeProvider clock)
{
    private readonly long _start = clock.GetTimestamp();

    /// <summary>In ticks of 100 ns since the start of the library.</summary>
    public long Now => clock.GetElapsedTime(_start).Ticks;

    /// <summary>For people: when something was, by this machine's clock.</summary>
    public DateTimeOffset UtcNow => clock.GetUtcNow();

    public CancellationTokenSource Deadline(TimeSpan after) => new(after, clock);

    public Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken) => Task.Delay(delay, clock, cancellationToken);
}
