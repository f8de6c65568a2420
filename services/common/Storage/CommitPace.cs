namespace Pltfrms.Iam.Common.Storage;

/// <summary>
/// When the next group commit of a service begins. Requests that are answered together come back together: were they all committed together again,
/// processors would idle while the disk works and the disk while they do. So a busy service commits when half of those that come and go wait for it, and
/// works for the other half meanwhile; an idle one commits at once. Fewer would be more commits, and a commit costs as much as some ten requests' rows.
/// </summary>
public sealed class CommitPace(TimeProvider clock)
{
    /// <summary>Fewer are not worth waiting for.</summary>
    private const int Few = 8;

    /// <summary>Who does not come is waited for no longer than two of them.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(4);

    private int _waiting;
    private int _enough = int.MaxValue;
    private int _busy;
    private volatile TaskCompletionSource _enoughCame = new();
    private Task _tick = Task.CompletedTask;

    private int Enough => _busy / 2;

    /// <summary>One more waits for a commit.</summary>
    public void Arrive()
    {
        if (Interlocked.Increment(ref _waiting) >= Volatile.Read(ref _enough))
        {
            _enoughCame.TrySetResult();
        }
    }

    /// <summary>After a commit: returns when it is time for the next.</summary>
    /// <param name="answered">How many waited for it.</param>
    public async Task WaitAsync(int answered)
    {
        var waiting = Interlocked.Add(ref _waiting, -answered);
        // Those whose requests are being worked on are not seen: the most that were lately.
        _busy = Math.Max(answered + waiting, _busy - (_busy / 8) - 1);
        if (_busy < Few || waiting >= Enough)
        {
            return;
        }

        var enoughCame = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _enoughCame = enoughCame;
        Interlocked.Exchange(ref _enough, Enough);
        if (Volatile.Read(ref _waiting) < Enough && !await ComesAsync(enoughCame.Task))
        {
            // The next are not to wait for them too.
            _busy = Volatile.Read(ref _waiting);
        }

        Volatile.Write(ref _enough, int.MaxValue);
    }

    /// <summary>False where it does not come for a tick or two: a timer costs a thread's wake-up when it is set and another when it fires, so one serves many waits.</summary>
    private async Task<bool> ComesAsync(Task enough)
    {
        for (var ticks = 0; ticks < 2; ticks++)
        {
            if (_tick.IsCompleted)
            {
                _tick = Task.Delay(Tick, clock);
            }

            await Task.WhenAny(enough, _tick);
            if (enough.IsCompleted)
            {
                return true;
            }
        }

        return false;
    }
}
