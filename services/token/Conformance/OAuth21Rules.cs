using static Pltfrms.Iam.Token.Conformance.ConformanceFinding;

namespace Pltfrms.Iam.Token.Conformance;

/// <summary>The OAuth 2.1 Authorization Framework (draft-ietf-oauth-v2-1), where it asks for more than RFC 6749.</summary>
internal static class OAuth21Rules
{
    public static IReadOnlyList<ConformanceRule> All { get; } =
    [
        new("1.5", "All endpoints use TLS, but on loopback.", CommonFindings.Encrypted),
        new("2.3.1", "Redirect URIs are registered and compared exactly.", CommonFindings.ExactRedirects),
        new("2.3.1 https", "Redirect URIs are https, but on loopback.", CommonFindings.ProtectedRedirects),
        new("2.4", "Confidential clients authenticate.", CommonFindings.Authenticated),
        new("4.1.1", "code_challenge is required, and its method is not plain.", CommonFindings.Pkce),
        new("4.1.2", "Codes are short-lived.", CommonFindings.ShortCodes),
        new("4.1.3", "A code counts once.", CommonFindings.CodesOnce),
        new("4.3.1", "Refresh tokens of public clients are sender-constrained, or used once.", CommonFindings.PublicRefreshTokens),
        new("5.1.1", "Bearer tokens are not in addresses.", _ => Always(
            "Tokens are read from the Authorization header and from forms.", "AdvertisedAuthenticationTests.Every_way_to_authenticate_is_taken_and_no_other")),
        new("7.5.2", "No redirect with 307.", CommonFindings.SeeOther),
        new("7.13", "Responses name their issuer.", CommonFindings.NamedIssuer),
        new("10.1 implicit", "No implicit grant.", CommonFindings.NoTokensByBrowser),
        new("10.1 password", "No password grant.", CommonFindings.NoPasswords),
    ];
}
