namespace Pltfrms.Iam.Consent.Receipts;

internal static partial class Log
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The receipts of {RealmId} up to {Sequence} could not be anchored in the realm's audit.")]
    public static partial void AnchorRefused(this ILogger logger, string realmId, long sequence, Exception exception);
}
