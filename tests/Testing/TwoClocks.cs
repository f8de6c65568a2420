namespace Testing;

/// <summary>What a machine's clock shows and what time passes, each moved by the test. Timers follow the system's clock.</summary>
public sealed class TwoClocks(TimeSpan ahead) : TimeProvider
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private long _passed;

    /// <summary>By how much the machine's clock was put since.</summary>
    public TimeSpan Put { get; set; }

    /// <summary>What a right clock shows.</summary>
    public DateTimeOffset True => Start + TimeSpan.FromTicks(Interlocked.Read(ref _passed));

    public override DateTimeOffset GetUtcNow() => True + ahead + Put;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _passed);

    public void Pass(TimeSpan time) => Interlocked.Add(ref _passed, time.Ticks);
}
