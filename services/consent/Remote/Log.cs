namespace Pltfrms.Iam.Consent.Remote;

internal static partial class Log
{
    [LoggerMessage(EventId = 120, Level = LogLevel.Warning, Message = "The key set at {Address} cannot be fetched: {Why}")]
    public static partial void KeySetNotFetched(this ILogger logger, string address, string why);

    [LoggerMessage(EventId = 121, Level = LogLevel.Warning, Message = "Refused an answer of realm {RealmId}'s remote consent server: {Why}")]
    public static partial void AnswerRefused(this ILogger logger, string realmId, string why);
}
