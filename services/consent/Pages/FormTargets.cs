using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Consent.Pages;

/// <summary>Where a decision leads in the end: back to the token service, and on to the client.</summary>
internal static class FormTargets
{
    private const int Most = 20;

    /// <summary>CSP sources (Content Security Policy Level 3 section 2.3.1), each once.</summary>
    public static IEnumerable<string> Of(string returnUri, Client client)
    {
        List<string> sources = [.. client.RedirectUris.Prepend(returnUri).Select(Source).OfType<string>().Distinct(StringComparer.Ordinal)];
        return sources.Count <= Most ? sources : sources.Select(source => source[..(source.IndexOf(':', StringComparison.Ordinal) + 1)]).Distinct(StringComparer.Ordinal);
    }

    private static string? Source(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
        {
            return null;
        }

        // The grammar has no IPv6 addresses, and an application's own scheme has no host.
        var isWeb = uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp;
        if (!isWeb || uri.HostNameType is not (UriHostNameType.Dns or UriHostNameType.IPv4))
        {
            return $"{uri.Scheme}:";
        }

        // RFC 8252 section 7.3: a native application listens on any port of the loopback interface.
        return uri.IsLoopback ? $"{uri.Scheme}://{uri.IdnHost}:*" : $"{uri.Scheme}://{uri.IdnHost}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}";
    }
}
