namespace Pltfrms.Iam.Consent.Pages;

internal static partial class Log
{
    [LoggerMessage(EventId = 110, Level = LogLevel.Error, Message = "{Address} failed.")]
    public static partial void RequestFailed(this ILogger logger, Exception exception, string address);

    [LoggerMessage(EventId = 111, Level = LogLevel.Information, Message = "Refused {Address}: {Reason}: {Why}")]
    public static partial void RequestRefused(this ILogger logger, string address, string reason, string why);
}
