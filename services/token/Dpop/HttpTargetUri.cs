namespace Pltfrms.Iam.Token.Dpop;

/// <summary>RFC 9449 section 4.3: addresses are compared after normalisation (RFC 3986 sections 6.2.2 and 6.2.3), without query and fragment.</summary>
public static class HttpTargetUri
{
    private const int MaxLength = 2048;

    /// <summary>Lower case scheme and host, no port that goes without saying, no dot segments; null where a text is no address of HTTP.</summary>
    public static string? Normalize(string address) =>
        address.Length <= MaxLength
        && address.StartsWith("http", StringComparison.OrdinalIgnoreCase)
        && Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && uri.UserInfo.Length == 0
            ? uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
            : null;
}
