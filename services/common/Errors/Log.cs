using Microsoft.Extensions.Logging;

namespace Pltfrms.Iam.Common.Errors;

internal static partial class Log
{
    [LoggerMessage(10, LogLevel.Information, "Refused {Method}: {Reason}, caller {Caller}: {Why} (cause: {Cause})")]
    public static partial void Refused(this ILogger logger, string method, string reason, string caller, string why, string cause);

    [LoggerMessage(11, LogLevel.Error, "{Method} failed, trace {TraceId}.")]
    public static partial void Failed(this ILogger logger, string method, string traceId, Exception exception);
}
