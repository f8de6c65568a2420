using Microsoft.Extensions.Logging;

namespace Pltfrms.Iam.Common.Realms;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Debug, "Realm {RealmId} loaded at revision {Revision}")]
    public static partial void RealmLoaded(this ILogger logger, string realmId, long revision);

    [LoggerMessage(LogLevel.Warning, "The feed of realm {RealmId} broke off; reconnecting")]
    public static partial void FeedLost(this ILogger logger, string realmId, Exception failure);

    [LoggerMessage(LogLevel.Debug, "The feed of realm {RealmId} is still away after attempt {Attempt}: {Failure}")]
    public static partial void FeedStillLost(this ILogger logger, string realmId, int attempt, string failure);

    [LoggerMessage(LogLevel.Information, "The feed of realm {RealmId} is back at revision {Revision}")]
    public static partial void FeedRestored(this ILogger logger, string realmId, long revision);

    [LoggerMessage(LogLevel.Warning, "The confirmations of realms broke off; reconnecting")]
    public static partial void ConfirmationsLost(this ILogger logger, Exception failure);

    [LoggerMessage(LogLevel.Information, "Dropped {Count} realms that were not used for longest")]
    public static partial void RealmsDropped(this ILogger logger, int count);
}
