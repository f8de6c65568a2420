using Microsoft.Extensions.Logging;

namespace Pltfrms.Iam.Client;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "No access token: {Reason} (organization {OrganizationId})")]
    public static partial void TokenRefused(ILogger logger, string reason, string? organizationId);

    [LoggerMessage(2, LogLevel.Information, "The token service refused this application's access token; asking for another one")]
    public static partial void TokenReplaced(ILogger logger);

    [LoggerMessage(3, LogLevel.Warning, "The stream {Feed} is not connected; until it is back answers are asked for: {Fault}")]
    public static partial void FeedLost(ILogger logger, string feed, string fault);

    [LoggerMessage(4, LogLevel.Information, "The stream {Feed} is back")]
    public static partial void FeedRestored(ILogger logger, string feed);

    [LoggerMessage(5, LogLevel.Error, "The stream {Feed} brought what cannot be read; it begins anew")]
    public static partial void FeedUnreadable(ILogger logger, string feed, Exception fault);

    [LoggerMessage(6, LogLevel.Warning, "{Fault}")]
    public static partial void KeysUnread(ILogger logger, string fault);
}
