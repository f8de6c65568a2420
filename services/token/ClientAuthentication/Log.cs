namespace Pltfrms.Iam.Token.ClientAuthentication;

internal static partial class Log
{
    /// <summary>The client is named only where it exists: what was presented may be a secret put in the wrong place.</summary>
    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Realm {RealmId}: client {ClientId} refused: {Why}.")]
    public static partial void ClientRefused(this ILogger logger, string realmId, string? clientId, string why);
}
