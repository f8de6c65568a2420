namespace Pltfrms.Iam.Token.Audit;

/// <summary>An event on its way to the database.</summary>
internal readonly struct QueuedEvent(TokenEventRecord happened, TaskCompletionSource? written)
{
    public TokenEventRecord Happened => happened;

    /// <summary>Set when it is on disk, or cannot be; null: nobody waits for that.</summary>
    public TaskCompletionSource? Written => written;

    /// <param name="fault">Why it is not certain that it is on disk; null: it is.</param>
    public void Tell(Exception? fault)
    {
        if (fault is null)
        {
            written?.TrySetResult();
        }
        else
        {
            written?.TrySetException(TokenEventQueue.Unavailable(fault));
        }
    }
}
