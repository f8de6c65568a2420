namespace Pltfrms.Iam.Token.UserGrants;

internal static partial class Log
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Realm {RealmId}: {Count} grants revoked.")]
    public static partial void GrantsRevoked(this ILogger logger, string realmId, int count);
}
