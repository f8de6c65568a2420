using System.Buffers;
using System.Diagnostics;

namespace Pltfrms.Iam.Token.Audit;

/// <summary>The trace that a request is part of (W3C Trace Context).</summary>
internal static class TraceId
{
    private const int VersionLength = 3;
    private const int Length = 32;
    private const int HeaderLength = 55;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    /// <summary>Its id; null: the caller named none, and nobody listens.</summary>
    /// <remarks>Section 3.2.2.3: 16 bytes in lower-case hexadecimal digits. What is not that names no trace.</remarks>
    public static string? Of(HttpContext context)
    {
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity)
        {
            return activity.TraceId.ToHexString();
        }

        return context.Request.Headers.TraceParent is [{ Length: >= HeaderLength } header] && IsTraceId(header.AsSpan(VersionLength, Length))
            ? header.Substring(VersionLength, Length)
            : null;
    }

    private static bool IsTraceId(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Digits) && text.ContainsAnyExcept('0');
}
