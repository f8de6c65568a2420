namespace Pltfrms.Iam.RealmAdmin.Realms;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "The deleted realm {RealmId} is erased everywhere; its id is free.")]
    public static partial void RealmErased(this ILogger logger, string realmId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The {Service} service does not erase deleted realms; their ids are not free until it does.")]
    public static partial void ErasureWaits(this ILogger logger, string service, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Erasing deleted realms stopped; it goes on as soon as the database answers.")]
    public static partial void ErasureStopped(this ILogger logger, Exception exception);
}
