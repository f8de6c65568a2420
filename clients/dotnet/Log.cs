using Microsoft.Extensions.Logging;

namespace Pltfrms.Iam.Client;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "No access token: {Reason} (organization {OrganizationId})")]
    public static partial void TokenRefused(ILogger logger, string reason, string? organizationId);

    [LoggerMessage(2, LogLevel.Information, "The token service refused this application's access token; asking for another one")]
    public static partial void TokenReplaced(ILogger logger);
}
