namespace Testing;

/// <summary>A clock whose timers end when they are told to.</summary>
public sealed class HeldTimers : TimeProvider
{
    private readonly List<Action> _held = [];

    public int Made { get; private set; }

    /// <summary>Of the timer that was made last.</summary>
    public TimeSpan Period { get; private set; }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Made++;
        Period = period;
        _held.Add(() => callback(state));
        return new Timer();
    }

    /// <summary>Not those that are made meanwhile.</summary>
    public void FireAll()
    {
        var all = _held.ToArray();
        _held.Clear();
        Array.ForEach(all, fire => fire());
    }

    private sealed class Timer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
