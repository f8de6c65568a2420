namespace Pltfrms.Iam.RealmAdmin.Documents;

/// <summary>What is wrong with a URI; null: nothing.</summary>
internal static class Uris
{
    private const string NotAbsolute = "must be an absolute URI";
    private const string NotSecure = "must be https, or http on a loopback address";
    private const string HasFragment = "must not have a fragment";

    /// <summary>RFC 8707 section 2: absolute, without a fragment.</summary>
    public static string? AudienceViolation(string text)
    {
        if (Parse(text) is null)
        {
            return NotAbsolute;
        }

        return text.Contains('#') ? HasFragment : null;
    }

    /// <summary>RFC 9700 section 2.1 and RFC 8252 section 7.3: compared exactly, so nothing in it may stand for something else.</summary>
    public static string? RedirectUriViolation(string text)
    {
        if (text.Contains('*'))
        {
            return "must not have a wildcard";
        }

        if (WebViolation(text) is { } violation)
        {
            return violation;
        }

        return text.Contains('#') ? HasFragment : null;
    }

    /// <summary>OpenID Connect Discovery section 3: https without query and fragment; http on loopback for development.</summary>
    public static string? IssuerViolation(string text)
    {
        if (WebViolation(text) is { } violation)
        {
            return violation;
        }

        return text.AsSpan().ContainsAny('?', '#') ? "must not have a query or a fragment" : null;
    }

    /// <summary>Where browsers are sent or keys are fetched from: https, or http on loopback for development, without a fragment.</summary>
    public static string? WebAddressViolation(string text) => WebViolation(text) ?? (text.Contains('#') ? HasFragment : null);

    /// <summary>RFC 6454 section 6.2: what browsers send, compared exactly.</summary>
    public static string? WebOriginViolation(string text) =>
        WebViolation(text) ?? (new Uri(text).GetLeftPart(UriPartial.Authority) == text ? null : "must be an origin, like https://app.example.com");

    private static string? WebViolation(string text)
    {
        if (Parse(text) is not { } uri)
        {
            return NotAbsolute;
        }

        var secure = uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback);
        if (!secure || !text.StartsWith($"{uri.Scheme}://", StringComparison.Ordinal) || uri.Host.Length == 0)
        {
            return NotSecure;
        }

        return uri.UserInfo.Length > 0 ? "must not have a user name" : null;
    }

    /// <remarks>
    /// Characters that parsers mend (spaces, backslashes, anything beyond ASCII) are refused: another parser would mend them differently.
    /// A path alone is absolute to .NET on Linux, hence the scheme.
    /// </remarks>
    private static Uri? Parse(string text) =>
        text.All(c => c is > ' ' and <= '~' and not ('\\' or '"' or '<' or '>' or '^' or '`' or '{' or '|' or '}'))
        && char.IsAsciiLetter(text[0]) && text.Contains(':')
        && Uri.TryCreate(text, UriKind.Absolute, out var uri)
            ? uri
            : null;
}
