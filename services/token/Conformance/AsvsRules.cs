using System.Globalization;
using Pltfrms.Iam.Common.Realms.Model;
using static Pltfrms.Iam.Token.Conformance.ConformanceFinding;

namespace Pltfrms.Iam.Token.Conformance;

/// <summary>OWASP ASVS 5.0, V10.4.</summary>
internal static class AsvsRules
{
    public static IReadOnlyList<ConformanceRule> All { get; } =
    [
        new("V10.4.1", "Redirect URIs are on an allow-list of the client's and compared exactly (L1).", CommonFindings.ExactRedirects),
        new("V10.4.2", "A code is used once; a second use revokes (L1).", CommonFindings.CodesOnce),
        new("V10.4.3", "Codes live for 10 minutes (L1), 1 minute (L3) at the most.", CommonFindings.ShortCodes),
        new("V10.4.4", "Clients have the grants that they need; none is token or password (L1).", GrantsNeeded),
        new("V10.4.5", "Replay of refresh tokens of public clients is mitigated (L1).", CommonFindings.PublicRefreshTokens),
        new("V10.4.6", "PKCE is required, and not plain (L2).", CommonFindings.Pkce),
        new("V10.4.7", "Where clients register without authentication, users are warned (L2).", Registration),
        new("V10.4.8", "Refresh tokens have an absolute expiry (L2).", AbsoluteExpiry),
        new("V10.4.9", "Users can revoke refresh and reference tokens on a page (L2).", _ => Always(
            "The page applications with access.", "ApplicationsPageTests.Decisions_are_seen_changed_and_revoked_without_a_script")),
        new("V10.4.10", "Confidential clients authenticate at every back channel (L2).", CommonFindings.Authenticated),
        new("V10.4.11", "Clients are registered for the scopes that they need (L2).", CommonFindings.LeastScopes),
        new("V10.4.12", "Response modes are allowed client by client (L3).", _ => NotMet("query and form_post are allowed for every client.")),
        new("V10.4.13", "The code grant is always with pushed requests (L3).", CommonFindings.Pushed),
        new("V10.4.14", "Access tokens are sender-constrained (L3).", CommonFindings.Constrained),
        new("V10.4.15", "authorization_details come from the client's server and cannot be changed by its user (L3).", CommonFindings.Pushed),
        new("V10.4.16", "Confidential clients authenticate by a key or a certificate (L3).", CommonFindings.StronglyAuthenticated),
    ];

    private static ConformanceFinding GrantsNeeded(ConformanceFacts facts) => facts.Each(
        _ => true,
        client => client.GrantTypes.Count > 0,
        "Each client is registered for its grants; there is neither an implicit nor a password grant",
        "Some clients are registered for no grant, so they are not needed");

    private static ConformanceFinding Registration(ConformanceFacts facts)
    {
        if (facts.Realm.ClientRegistration is not { } registration)
        {
            return Met("Nobody registers clients dynamically (client_registration).");
        }

        return registration.Mode != ClientRegistrationMode.Open
            ? Met("Who registers a client must have an initial access token.")
            : facts.Each(
                client => client.DynamicallyRegistered,
                client => client.ConsentPolicy == ConsentPolicy.Required,
                "Anybody registers clients, and their users are asked for consent and told that nobody has verified them",
                "Anybody registers clients, and users of some of them are not asked for consent");
    }

    private static ConformanceFinding AbsoluteExpiry(ConformanceFacts facts) => Met(string.Create(
        CultureInfo.InvariantCulture,
        $"After {facts.Realm.SessionSettings.RefreshAbsoluteLifetime.TotalDays:0.##} days (refresh_absolute_lifetime), however often they are used.")) with
    {
        Tests = ["CodeFlowContract.A_refresh_token_ends_when_it_is_not_used_and_a_family_at_last"],
    };
}
