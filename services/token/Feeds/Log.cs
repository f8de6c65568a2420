namespace Pltfrms.Iam.Token.Feeds;

internal static partial class Log
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Making the events of realm {RealmId} for clients failed; they begin anew.")]
    public static partial void ViewFailed(this ILogger logger, string realmId, Exception exception);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "A watcher of realm {RealmId}, {CallerId}, was let go: it did not take its events in time.")]
    public static partial void WatcherTooSlow(this ILogger logger, string realmId, string callerId);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "{CallerId} may have no more watchers; it has {Count}.")]
    public static partial void TooManyWatchers(this ILogger logger, string callerId, int count);

    [LoggerMessage(EventId = 4, Level = LogLevel.Error, Message = "Telling watchers how current they are failed.")]
    public static partial void BeatFailed(this ILogger logger, Exception exception);
}
