namespace Testing;

/// <summary>A clock that stands still until it is moved. Timers follow the system's clock.</summary>
public sealed class FakeClock : TimeProvider
{
    private long _ticks = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero).UtcTicks;

    /// <summary>Whether elapsed time is the test's too; else it is the system's.</summary>
    public bool CountsElapsedTime { get; init; }

    public override long TimestampFrequency => CountsElapsedTime ? TimeSpan.TicksPerSecond : base.TimestampFrequency;

    public override long GetTimestamp() => CountsElapsedTime ? Interlocked.Read(ref _ticks) : base.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
