namespace Pltfrms.Iam.Token.Storage;

internal static partial class Log
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "What has expired could not be removed from the database.")]
    public static partial void SweepFailed(this ILogger logger, Exception exception);
}
