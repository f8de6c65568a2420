namespace Pltfrms.Iam.Token.Registration;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Realm-admin was not told which clients of realm {RealmId} are in use; that is tried again: {Reason}")]
    public static partial void UsesNotReported(this ILogger logger, string realmId, string reason);
}
