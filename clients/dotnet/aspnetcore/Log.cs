using Microsoft.Extensions.Logging;

namespace Pltfrms.Iam.Client.AspNetCore;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "Nobody could decide about a request: {Fault}")]
    public static partial void NotDecided(ILogger logger, string fault);

    [LoggerMessage(2, LogLevel.Information, "Denied {Permission} in {OrganizationId}: {Reason}")]
    public static partial void Denied(ILogger logger, string permission, string? organizationId, DecisionReason reason);

    [LoggerMessage(3, LogLevel.Information, "Denied {Permission}: the request does not say for which organization")]
    public static partial void NoOrganization(ILogger logger, string permission);

    [LoggerMessage(4, LogLevel.Error, "Nobody can ever have '{Permission}' as this service asks for it: {Fault}")]
    public static partial void Misasked(ILogger logger, string permission, string fault);
}
