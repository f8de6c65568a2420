namespace Pltfrms.Iam.Client.Feeds;

/// <summary>Starts what outlives the call that needed it first.</summary>
internal static class Background
{
    /// <summary>Runs it apart from the caller's trace, culture and other ambient state.</summary>
    public static Task Run(Func<Task> work)
    {
        if (ExecutionContext.IsFlowSuppressed())
        {
            return Task.Run(work);
        }
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(work);
        }
    }
}
