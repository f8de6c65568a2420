using System.Globalization;

namespace Pltfrms.Iam.Token.Authorization;

/// <summary>Compares redirect URIs: character by character (RFC 9700 section 2.1), but for the port of a loopback address (RFC 8252 section 7.3).</summary>
public static class RedirectUris
{
    private static readonly string[] LoopbackPrefixes = ["http://127.0.0.1", "http://[::1]"];

    public static bool IsRegistered(ReadOnlySpan<string> registered, string redirectUri)
    {
        foreach (var candidate in registered)
        {
            if (candidate == redirectUri || IsSameButForPort(candidate, redirectUri))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSameButForPort(string registered, string redirectUri)
    {
        foreach (var prefix in LoopbackPrefixes)
        {
            if (AfterPort(registered, prefix) is { } known && AfterPort(redirectUri, prefix) is { } asked)
            {
                return known == asked;
            }
        }

        return false;
    }

    /// <summary>What follows the port; null where it is not an address of this host. A user name, <c>http://127.0.0.1@evil</c>, is none.</summary>
    private static string? AfterPort(string uri, string prefix)
    {
        if (!uri.StartsWith(prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var rest = uri[prefix.Length..];
        if (rest.StartsWith(':'))
        {
            var end = 1;
            while (end < rest.Length && char.IsAsciiDigit(rest[end]))
            {
                end++;
            }

            if (!ushort.TryParse(rest.AsSpan(1, end - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
            {
                return null;
            }

            rest = rest[end..];
        }

        return rest.Length == 0 || rest[0] is '/' or '?' ? rest : null;
    }
}
