namespace Pltfrms.Iam.Common.Storage;

/// <summary>
/// When the next group commit of a service begins. Requests that are answered together come back together: were they all committed together again,
/// processors would idle while the disk works and the disk while they do. So a busy service commits when five in eight of those that come and go wait for it,
/// and works for the others meanwhile; an idle one commits at once. Fewer would be more commits, and a commit costs as much as some ten requests' rows.
/// </summary>
public sealed class CommitPace(TimeProvider clock)
{
    /// <summary>Fewer are not worth waiting for.</summary>
    private const int Few = 8;

    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(1);

    private int _waiting;
    private int _enough = int.MaxValue;
    private int _busy;
    private volatile TaskCompletionSource _enoughCame = new();

    private int Enough => _busy * 5 / 8;

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
        if (Volatile.Read(ref _waiting) < Enough)
        {
            await Task.WhenAny(enoughCame.Task, Task.Delay(Longest, clock));
        }

        Volatile.Write(ref _enough, int.MaxValue);
    }
}
