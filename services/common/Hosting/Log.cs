using Microsoft.Extensions.Logging;

namespace Pltfrms.Iam.Common.Hosting;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "{Service} answers on {Addresses}.")]
    public static partial void Started(this ILogger logger, string service, string addresses);

    [LoggerMessage(2, LogLevel.Information, "Reads the certificate {File} again; it is valid until {NotAfter:u}.")]
    public static partial void CertificateReloaded(this ILogger logger, string file, DateTime notAfter);

    [LoggerMessage(3, LogLevel.Error, "The changed certificate {File} cannot be used, the previous one stays: {Why}")]
    public static partial void CertificateNotReloaded(this ILogger logger, string file, string why);

    [LoggerMessage(4, LogLevel.Information, "Ready.")]
    public static partial void Ready(this ILogger logger);

    [LoggerMessage(5, LogLevel.Warning, "Not ready: {Check}: {Why}")]
    public static partial void NotReady(this ILogger logger, string check, string why);
}
