using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Pltfrms.Iam.Common.Hosting.DirectCalls;

/// <summary>The header <c>grpc-timeout</c> of gRPC over HTTP/2: at most eight digits and a unit.</summary>
internal static class GrpcTimeout
{
    private const int MaxDigits = 8;

    /// <summary>Longer waits are as good as none, and more than a timer takes.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>False where the header is malformed; null: there is none.</summary>
    public static bool TryParse(StringValues header, out TimeSpan? timeout)
    {
        timeout = null;
        if (header.Count == 0)
        {
            return true;
        }

        if (header.Count > 1 || header[0] is not { Length: > 1 and <= MaxDigits + 1 } text
            || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var amount)
            || TicksOf(text[^1]) is not { } ticks)
        {
            return false;
        }

        var lasts = amount > Longest.Ticks / Math.Max(ticks, 1) ? Longest : TimeSpan.FromTicks((long)(amount * ticks));
        timeout = lasts;
        return true;
    }

    private static decimal? TicksOf(char unit) => unit switch
    {
        'H' => TimeSpan.TicksPerHour,
        'M' => TimeSpan.TicksPerMinute,
        'S' => TimeSpan.TicksPerSecond,
        'm' => TimeSpan.TicksPerMillisecond,
        'u' => TimeSpan.TicksPerMicrosecond,
        'n' => 0.01m,
        _ => null,
    };
}
