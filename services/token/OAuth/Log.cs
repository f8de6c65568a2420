namespace Pltfrms.Iam.Token.OAuth;

internal static partial class Log
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "{Path} failed.")]
    public static partial void RequestFailed(this ILogger logger, Exception exception, string path);
}
