using Microsoft.Extensions.Logging;

namespace Pltfrms.Iam.Common.Http;

internal static partial class Log
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "{Route} failed for realm {RealmId}.")]
    public static partial void RequestFailed(this ILogger logger, Exception exception, string route, string? realmId);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Refused {Route} for realm {RealmId}: {Reason}: {Why}")]
    public static partial void RequestRefused(this ILogger logger, string route, string? realmId, string reason, string why);
}
