using Pltfrms.Iam.Common.Realms.Model;
using static Pltfrms.Iam.Token.Conformance.ConformanceFinding;

namespace Pltfrms.Iam.Token.Conformance;

/// <summary>FAPI 2.0 Security Profile, sections 5.3.2 and 5.4: met where every enabled client is held to it.</summary>
internal static class Fapi2Rules
{
    private const string SetProfile = ": set security_profile";

    public static IReadOnlyList<ConformanceRule> All { get; } =
    [
        new("5.2 TLS", "Addresses are https.", CommonFindings.Encrypted),
        new("5.3.2.1 confidential", "Clients are confidential.", facts => facts.Each(
            _ => true, client => client.ClientType != ClientType.Public || facts.IsFapi2(client),
            "No public client can do anything", "The realm has public clients")),
        new("5.3.2.1 authentication", "Clients authenticate by private_key_jwt or mutual TLS.", CommonFindings.StronglyAuthenticated),
        new("5.3.2.1 audience", "The aud of client assertions is the issuer, as a text.", _ => Always(
            "Lists and other addresses are refused.", "ClientAssertionContract.A_bad_assertion_is_refused_like_a_wrong_secret", "FapiTokenTests.An_assertion_is_for_the_issuer_now_and_signed_as_the_profile_has_it")),
        new("5.3.2.1 clocks", "Assertions from 10 s ahead are accepted, from more than 60 s ahead refused.", _ => Always(
            "30 s are allowed.", "ClientAssertionContract.Clocks_may_differ_by_seconds")),
        new("5.3.2.1 constrained", "Access tokens are sender-constrained.", CommonFindings.Constrained),
        new("5.3.2.1 rotation", "Refresh tokens are not rotated.", facts => facts.Each(
            ConformanceFacts.Refreshes, facts.IsFapi2,
            "Refresh tokens stay the same until their grant ends", $"Refresh tokens of some clients are replaced at each use{SetProfile}")),
        new("5.3.2.1 redirectors", "There is no open redirector.", CommonFindings.ExactRedirects),
        new("5.3.2.1 password", "No password grant.", CommonFindings.NoPasswords),
        new("5.3.2.2 pushed", "Authorization requests are pushed.", CommonFindings.Pushed),
        new("5.3.2.2 beside", "Nothing stands beside a pushed request.", facts => facts.Each(
            ConformanceFacts.IsInteractive, facts.IsFapi2,
            "What is added to a pushed request has it refused", $"What is added to a pushed request is ignored, and not refused, for some clients{SetProfile}")),
        new("5.3.2.2 code", "The response type is code.", CommonFindings.NoTokensByBrowser),
        new("5.3.2.2 PKCE", "PKCE with S256.", CommonFindings.Pkce),
        new("5.3.2.2 redirect_uri", "Pushed requests have a redirect_uri, https but on loopback.", CommonFindings.ProtectedRedirects),
        new("5.3.2.2 iss", "Responses have iss.", CommonFindings.NamedIssuer),
        new("5.3.2.2 codes", "Codes live for 60 s at the most.", CommonFindings.ShortCodes),
        new("5.3.2.2 request_uri", "Request URIs live for less than 600 s.", _ => Always(
            "They live for 90 s.", "FapiAuthorizationTests.A_request_uri_is_its_clients_until_it_is_answered_or_too_old")),
        new("5.3.2.2 reuse", "Codes count once.", CommonFindings.CodesOnce),
        new("5.3.2.2 307", "No redirect with 307.", CommonFindings.SeeOther),
        new("5.4.1 algorithms", "PS256, ES256 or EdDSA sign.", facts => facts.Each(
            _ => true, facts.IsFapi2,
            "ES256 and PS256 are taken and made, whatever clients ask for", $"ES384, and for request objects and access tokens RS256, are possible for some clients{SetProfile}")),
    ];
}
