using Pltfrms.Iam.Common.Realms.Model;
using static Pltfrms.Iam.Token.Conformance.ConformanceFinding;

namespace Pltfrms.Iam.Token.Conformance;

/// <summary>What several standards ask for alike.</summary>
internal static class CommonFindings
{
    private const string WhereDue = "AuthorizeEndpointTests.The_client_is_told_by_redirect_with_state_and_issuer";

    public static ConformanceFinding ExactRedirects(ConformanceFacts facts) => Always(
        "Redirect URIs are compared character by character, but for the port of a loopback address.",
        "AuthorizeEndpointTests.Nothing_is_redirected_before_client_and_redirect_uri_are_sure",
        "FlowAttackContract.A_redirect_uri_that_is_registered_no_more_is_told_nothing");

    public static ConformanceFinding ProtectedRedirects(ConformanceFacts facts) => facts.Each(
        ConformanceFacts.IsInteractive,
        client => client.RedirectUris.All(IsProtected),
        "Every registered redirect URI is https, or http on loopback",
        "Some registered redirect URIs are neither https nor http on loopback");

    public static ConformanceFinding Pkce(ConformanceFacts facts) => Always(
        "Every authorization request must have a code_challenge with S256, and every code its verifier.",
        WhereDue, "CodeRedemptionTests.A_code_is_bound_to_verifier_redirect_uri_and_organization_and_a_failure_does_not_burn_it");

    public static ConformanceFinding NoTokensByBrowser(ConformanceFacts facts) => Always(
        "There is no response type but code.", "AdvertisedAuthorizationTests.Every_response_type_and_mode_is_answered_and_no_other");

    public static ConformanceFinding NoPasswords(ConformanceFacts facts) => Always(
        "There is no password grant.", "AdvertisedGrantTests.Every_grant_type_gives_a_token_and_no_other_is_known");

    public static ConformanceFinding NamedIssuer(ConformanceFacts facts) => Always(
        "Every authorization response has iss (RFC 9207).", WhereDue, "CodeFlowContract.A_user_logs_in_consents_and_the_client_acts_for_them");

    public static ConformanceFinding CodesOnce(ConformanceFacts facts) => Always(
        "A code is used by one statement; a second use revokes what the first gave.",
        "CodeFlowContract.Of_64_that_redeem_a_code_at_once_one_succeeds_and_what_it_got_is_revoked",
        "CodeFlowContract.A_second_use_of_a_code_revokes_what_the_first_produced");

    public static ConformanceFinding ShortCodes(ConformanceFacts facts) => Always("Codes live for 60 seconds.", "CodeFlowContract.A_code_is_good_for_60_seconds");

    public static ConformanceFinding SeeOther(ConformanceFacts facts) => Always(
        "Redirects after a form are 303.", "AuthorizeEndpointTests.A_form_of_the_application_is_answered_303_and_goes_on_as_a_link_does");

    public static ConformanceFinding PublicRefreshTokens(ConformanceFacts facts) => Always(
        "Refresh tokens are replaced at each use, and one that comes again ends its family; under FAPI 2.0 public clients get none.",
        "CodeFlowContract.A_used_refresh_token_ends_the_family_and_every_token_of_the_grant",
        "FapiTokenTests.Only_keys_and_certificates_authenticate_and_only_confidential_clients");

    public static ConformanceFinding Authenticated(ConformanceFacts facts) => Always(
        "Confidential clients authenticate at the token, pushed request, revocation, introspection and device endpoints.",
        "CodeRedemptionTests.A_confidential_client_must_authenticate_and_a_public_one_must_not_pretend_to");

    public static ConformanceFinding StronglyAuthenticated(ConformanceFacts facts) => facts.Each(
        client => client.ClientType != ClientType.Public,
        facts.IsStronglyAuthenticated,
        "Every confidential client authenticates by a key or a certificate and in no other way",
        "Some confidential clients may authenticate with a secret: limit them by token_endpoint_auth_method, or take their secrets away");

    public static ConformanceFinding Constrained(ConformanceFacts facts) => facts.Each(
        _ => true,
        facts.IsConstrained,
        "No client gets an access token that is not bound to a key (DPoP) or certificate",
        "Some clients get tokens that are good for whoever has them: set dpop_bound_access_tokens or tls_client_certificate_bound_access_tokens, or require either in the realm");

    public static ConformanceFinding Pushed(ConformanceFacts facts) => facts.Each(
        ConformanceFacts.IsInteractive,
        facts.Pushes,
        "Every client must push its authorization requests",
        "Some clients may send authorization requests through the browser: set require_pushed_authorization_requests");

    public static ConformanceFinding LeastScopes(ConformanceFacts facts) => facts.Realm.ScopePipeline.UnregisteredScopes == UnregisteredScopes.None
        ? Met("Clients get the scopes that they are registered for and no others.")
        : facts.Each(
            client => !client.DynamicallyRegistered,
            client => client.Scopes.Count > 0,
            "Every client is registered for its scopes",
            "The realm lets clients that are registered for no scopes ask for any (unregistered_scopes)");

    public static ConformanceFinding Encrypted(ConformanceFacts facts) => facts.IsHttps
        ? Met("The public address is https.")
        : NotMet("The public address is http (Token:PublicAddress), which the service allows on loopback only.");

    private static bool IsProtected(string redirectUri) =>
        Uri.TryCreate(redirectUri, UriKind.Absolute, out var uri) && (uri.Scheme != Uri.UriSchemeHttp || uri.IsLoopback);
}
