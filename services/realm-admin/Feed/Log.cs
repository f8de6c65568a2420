namespace Pltfrms.Iam.RealmAdmin.Feed;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The database does not answer the feed's polls; heartbeats stop until it does.")]
    public static partial void FeedStopped(this ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "The database answers the feed's polls again.")]
    public static partial void FeedResumed(this ILogger logger);
}
