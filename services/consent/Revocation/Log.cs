namespace Pltfrms.Iam.Consent.Revocation;

internal static partial class Log
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Revocations wait for the token service; they are tried again until they go through.")]
    public static partial void RevocationsWait(this ILogger logger);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "All revocations went through.")]
    public static partial void RevocationsCaughtUp(this ILogger logger);

    [LoggerMessage(EventId = 3, Level = LogLevel.Error, Message = "Carrying out revocations failed.")]
    public static partial void RevocationsFailed(this ILogger logger, Exception exception);
}
