namespace Pltfrms.Iam.Token.Authorization;

internal static partial class Log
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "{Path} failed.")]
    public static partial void PageFailed(this ILogger logger, Exception exception, string path);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Refused {Path}: {Reason}: {Why}")]
    public static partial void PageRefused(this ILogger logger, string path, string reason, string why);
}
