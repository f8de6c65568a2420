namespace Pltfrms.Iam.Token.Tokens;

internal static partial class Log
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Revocations of other replicas cannot be read; every token is asked for in the database until they can.")]
    public static partial void FeedLost(this ILogger logger, Exception exception);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Revocations of other replicas are read again.")]
    public static partial void FeedRecovered(this ILogger logger);

    [LoggerMessage(EventId = 3, Level = LogLevel.Error, Message = "Reading revocations failed.")]
    public static partial void FeedFailed(this ILogger logger, Exception exception);
}
