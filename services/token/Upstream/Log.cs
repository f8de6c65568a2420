namespace Pltfrms.Iam.Token.Upstream;

internal static partial class Log
{
    [LoggerMessage(EventId = 140, Level = LogLevel.Warning, Message = "A login of realm {RealmId} at {Issuer} failed: {Why}.")]
    public static partial void ProviderFailed(this ILogger logger, string realmId, string issuer, string why);
}
