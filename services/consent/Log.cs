namespace Pltfrms.Iam.Consent;

internal static partial class Log
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "The round '{Name}' failed; the next one tries again.")]
    public static partial void RoundFailed(this ILogger logger, string name, Exception exception);
}
