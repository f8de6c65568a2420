using System.Globalization;
using static Pltfrms.Iam.Token.Conformance.ConformanceFinding;

namespace Pltfrms.Iam.Token.Conformance;

/// <summary>RFC 9700, as far as it is about authorization servers.</summary>
internal static class Rfc9700Rules
{
    public static IReadOnlyList<ConformanceRule> All { get; } =
    [
        new("2.1 exact", "Redirect URIs are compared exactly; only the port of a loopback address may vary.", CommonFindings.ExactRedirects),
        new("2.1 https", "Redirect URIs are not http, but on loopback.", CommonFindings.ProtectedRedirects),
        new("2.1 mix-up", "Clients can tell which server answers: responses have iss.", CommonFindings.NamedIssuer),
        new("2.1.1 PKCE", "Public clients must, and others should, use PKCE with S256.", CommonFindings.Pkce),
        new("2.1.1 downgrade", "A verifier without a challenge, or a challenge without a verifier, is refused.", CommonFindings.Pkce),
        new("2.1.1 constant", "Constant PKCE challenges are detected, with reasonable effort.", _ => NotMet("The product does not look for them.")),
        new("2.1.2", "No access tokens in authorization responses.", CommonFindings.NoTokensByBrowser),
        new("2.2.1", "Access tokens are sender-constrained.", CommonFindings.Constrained),
        new("2.2.2", "Refresh tokens of public clients are sender-constrained, or rotated with reuse detection.", CommonFindings.PublicRefreshTokens),
        new("2.3 privileges", "Access tokens carry no more than is needed.", CommonFindings.LeastScopes),
        new("2.3 audience", "Access tokens are for one resource server, or for few.", Audiences),
        new("2.4", "The password grant must not be used.", CommonFindings.NoPasswords),
        new("2.5 enforced", "Clients authenticate where that is feasible.", CommonFindings.Authenticated),
        new("2.5 asymmetric", "Clients authenticate by asymmetric cryptography.", CommonFindings.StronglyAuthenticated),
        new("2.6 metadata", "Metadata are published (RFC 8414).", _ => Always("At the two well-known addresses.", "AdvertisedEndpointTests.No_other_path_of_the_realm_answers")),
        new("2.6 TLS", "Addresses are end-to-end encrypted.", CommonFindings.Encrypted),
        new("4.2.4", "Pages leak nothing to third parties: no foreign content, no referrer.", Pages),
        new("4.5.3", "A code counts once, and a second use revokes what the first gave.", CommonFindings.CodesOnce),
        new("4.11", "The server is no open redirector: nothing is redirected before client and redirect URI are sure.", CommonFindings.ExactRedirects),
        new("4.12", "After credentials were sent there is no redirect with 307.", CommonFindings.SeeOther),
        new("4.13", "A proxy's headers are not taken from anybody else.", Proxies),
        new("4.14.2 inactivity", "Refresh tokens expire when they are not used.", Inactivity),
        new("4.15", "Clients cannot pass for users.", _ => Always("Every token says whether its subject is a user or a client (sub_type).", "TokenVerifierTests.Keeps_users_and_clients_and_several_audiences_apart")),
        new("4.16", "Pages cannot be framed.", Pages),
        new("2.6 CORS", "The authorization endpoint does not allow CORS.", _ => Always("Other endpoints do, for registered origins.", "PushedRequestTests.Web_pages_of_registered_origins_read_answers_where_no_cookie_counts")),
    ];

    private static ConformanceFinding Audiences(ConformanceFacts facts) => facts.Each(
        client => client.Scopes.Count > 0,
        client => facts.AudienceCount(client) <= 1,
        "Every client's scopes are of one resource server",
        "The scopes of some clients are of several resource servers, and their tokens are good at all of them unless they ask for one (RFC 8707)");

    private static ConformanceFinding Proxies(ConformanceFacts facts) => facts.Options.ClientCertificateHeader is { } header
        ? Met(string.Create(CultureInfo.InvariantCulture, $"{header} is read from {facts.Options.ClientCertificateProxies.Count} configured addresses or networks only. Whether the proxies overwrite it cannot be seen from here.")) with
        {
            Tests = ["ForwardedCertificateTests.A_header_of_anybody_else_is_nothing"],
        }
        : Always("No header is read for a certificate.", "ForwardedCertificateTests.A_header_of_anybody_else_is_nothing");

    private static ConformanceFinding Inactivity(ConformanceFacts facts)
    {
        var settings = facts.Realm.SessionSettings;
        var days = settings.RefreshIdleLifetime.TotalDays;
        return settings.RefreshIdleLifetime < settings.RefreshAbsoluteLifetime
            ? Met(string.Create(CultureInfo.InvariantCulture, $"After {days:0.##} days without use (refresh_idle_lifetime)."))
            : NotMet("refresh_idle_lifetime is no shorter than refresh_absolute_lifetime, so it ends nothing.");
    }

    private static ConformanceFinding Pages(ConformanceFacts facts) => Always(
        "Content-Security-Policy, X-Frame-Options and Referrer-Policy are on every answer.",
        "AuthorizeEndpointTests.Pages_cannot_be_framed_and_run_no_script_and_encode_what_they_show", "ConsentPageTests.The_page_cannot_be_framed");
}
