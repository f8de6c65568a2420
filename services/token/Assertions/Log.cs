namespace Pltfrms.Iam.Token.Assertions;

internal static partial class Log
{
    [LoggerMessage(EventId = 150, Level = LogLevel.Warning, Message = "The keys of the issuer {Issuer} cannot be fetched: {Why}.")]
    public static partial void KeysUnavailable(this ILogger logger, string issuer, string why);

    [LoggerMessage(EventId = 151, Level = LogLevel.Information, Message = "Realm {RealmId}: an assertion presented by {ClientId} is refused: {Why}")]
    public static partial void AssertionRefused(this ILogger logger, string realmId, string clientId, string why);
}
