namespace Pltfrms.Iam.RealmAdmin.Registration;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The unused client {ClientId} of realm {RealmId} stays for now: {Reason}")]
    public static partial void UnusedClientStays(this ILogger logger, string realmId, string clientId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Unused clients were not looked for; that is done again in an hour.")]
    public static partial void UnusedClientsNotLookedFor(this ILogger logger, Exception exception);
}
