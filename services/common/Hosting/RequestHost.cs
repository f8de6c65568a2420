using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Pltfrms.Iam.Common.Hosting;

/// <summary>The host that a request is for, spelled as realms' host names are: lower case, no trailing dot, no port that goes without saying.</summary>
public static class RequestHost
{
    private const int Longest = 260;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:");

    /// <summary>Null: nothing that could be a realm's host name.</summary>
    /// <param name="request">The request.</param>
    /// <param name="isHttps">Whether the public address is https, so that port 443 goes without saying; else port 80.</param>
    /// <param name="trustsProxy">Whether a proxy before us tells the host that it was asked for. Without one anybody could write the header.</param>
    public static string? Of(HttpRequest request, bool isHttps, bool trustsProxy)
    {
        // The last one is from the proxy next to us.
        var forwarded = trustsProxy ? request.Headers["X-Forwarded-Host"].ToString().Split(',')[^1].Trim() : "";
        var host = forwarded.Length > 0 ? forwarded : request.Host.Value ?? "";
        if (host.Length is 0 or > Longest || host.AsSpan().ContainsAnyExcept(Alphabet))
        {
            return null;
        }

        var colon = host.IndexOf(':', StringComparison.Ordinal);
        var (name, port) = colon < 0 ? (host, "") : (host[..colon], host[(colon + 1)..]);
        name = (name.EndsWith('.') ? name[..^1] : name).ToLowerInvariant();
        return port.Length == 0 || port == (isHttps ? "443" : "80") ? name : $"{name}:{port}";
    }
}
