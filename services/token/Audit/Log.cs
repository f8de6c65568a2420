namespace Pltfrms.Iam.Token.Audit;

internal static partial class Log
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Token events cannot be written. Realms with a durable audit issue nothing; events of others are held back, and dropped when too many are.")]
    public static partial void EventsHeldBack(this ILogger logger, Exception exception);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Token events are written again.")]
    public static partial void EventsWrittenAgain(this ILogger logger);

    [LoggerMessage(EventId = 3, Level = LogLevel.Error, Message = "{Count} token events of realms without a durable audit were dropped: there was no room for them.")]
    public static partial void EventsDropped(this ILogger logger, long count);

    [LoggerMessage(EventId = 4, Level = LogLevel.Error, Message = "The service stops while the database is away: {Count} token events are lost.")]
    public static partial void EventsLost(this ILogger logger, int count);

    [LoggerMessage(EventId = 5, Level = LogLevel.Error, Message = "Token events could not be written together and are written one by one.")]
    public static partial void EventsNotWritten(this ILogger logger, Exception exception);

    [LoggerMessage(EventId = 6, Level = LogLevel.Error, Message = "Realm {RealmId}: a token event of kind {Kind} could not be written.")]
    public static partial void EventLost(this ILogger logger, string realmId, string kind, Exception exception);
}
