namespace Pltfrms.Iam.Token.Envoy;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "A request from Envoy is refused: the route's context_extensions are wrong, {Fault}.")]
    public static partial void RouteMisconfigured(this ILogger log, string fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A request from Envoy is refused with 503, {Reason}: {Message}")]
    public static partial void NobodyCouldDecide(this ILogger log, string reason, string message);
}
