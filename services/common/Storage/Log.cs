using Microsoft.Extensions.Logging;

namespace Pltfrms.Iam.Common.Storage;

internal static partial class Log
{
    [LoggerMessage(EventId = 41, Level = LogLevel.Error, Message = "What has expired could not be removed from the database.")]
    public static partial void SweepFailed(this ILogger logger, Exception exception);
}
