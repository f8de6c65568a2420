using System.Text.Json;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Authorization;
using Pltfrms.Iam.Token.ClientAuthentication;
using Pltfrms.Iam.Token.Dpop;
using Pltfrms.Iam.Token.Grants;
using Pltfrms.Iam.Token.MutualTls;
using Pltfrms.Iam.Token.Profiles;
using Pltfrms.Iam.Token.Realms;
using Pltfrms.Iam.Token.Registration;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>Authorization server metadata (RFC 8414): what is supported, and nothing that is not.</summary>
public sealed class MetadataEndpoint(RealmSnapshots realms, Issuers issuers, GrantTable grants, MutualTlsMetadata mutualTls)
{
    private const string Caching = "public, max-age=300";

    public async Task HandleAsync(HttpContext context)
    {
        var realm = (await realms.GetLastKnownAsync(OAuthRoutes.RealmOf(context), context.RequestAborted)).Realm;
        context.Response.Headers.CacheControl = Caching;
        await OAuthJson.WriteAsync(context, (Realm: realm, Issuer: issuers.Of(realm), GrantTypes: grants.OfferedBy(realm), MutualTls: mutualTls), static (writer, of) =>
        {
            WriteEndpoints(writer, of.Issuer);
            if (of.Realm.ClientRegistration is not null)
            {
                writer.WriteString("registration_endpoint", of.Issuer + RegistrationEndpoint.Path);
            }

            WriteList(writer, "grant_types_supported", of.GrantTypes);
            WriteAuthorization(writer, of.Realm);
            WriteClientAuthentication(writer, of.Realm, [.. ClientAuthenticationMethods.Names, .. of.MutualTls.AuthenticationMethods]);
            of.MutualTls.Write(writer, of.Realm);
            WriteList(writer, "dpop_signing_alg_values_supported", SecurityProfiles.Algorithms(of.Realm, DpopProofs.Algorithms));
            if (of.Realm.AuthorizationDetailsTypes.Count > 0)
            {
                // RFC 9396 section 10.
                WriteList(writer, "authorization_details_types_supported", of.Realm.AuthorizationDetailsTypes.Select(type => type.Type));
            }
        });
    }

    private static void WriteEndpoints(Utf8JsonWriter writer, string issuer)
    {
        writer.WriteString("issuer", issuer);
        writer.WriteString("authorization_endpoint", issuer + BrowserAddresses.AuthorizePath);
        writer.WriteString("token_endpoint", issuer + "/oauth2/token");
        writer.WriteString("introspection_endpoint", issuer + "/oauth2/introspect");
        writer.WriteString("revocation_endpoint", issuer + "/oauth2/revoke");
        writer.WriteString("jwks_uri", issuer + "/oauth2/jwks");
        writer.WriteString("device_authorization_endpoint", issuer + "/oauth2/device_authorization");
        writer.WriteString("pushed_authorization_request_endpoint", issuer + "/oauth2/par");
    }

    private static void WriteAuthorization(Utf8JsonWriter writer, Realm realm)
    {
        var settings = realm.SessionSettings;
        WriteList(writer, "response_types_supported", ["code"]);
        WriteList(writer, "response_modes_supported", ["query", "form_post"]);
        WriteList(writer, "code_challenge_methods_supported", [Pkce.Method]);
        WriteList(writer, "prompt_values_supported", ["none", "login", "consent", "select_account"]);
        writer.WriteBoolean("authorization_response_iss_parameter_supported", true);
        writer.WriteBoolean("require_pushed_authorization_requests", settings.RequirePushedAuthorizationRequests || SecurityProfiles.IsFapi2(realm));

        // RFC 9101 section 10.5. A pushed request's URI is good all the same (RFC 9126 section 5); another's is not fetched.
        writer.WriteBoolean("request_parameter_supported", true);
        writer.WriteBoolean("request_uri_parameter_supported", false);
        writer.WriteBoolean("require_signed_request_object", settings.RequireSignedRequestObject);
        WriteList(writer, "request_object_signing_alg_values_supported", SecurityProfiles.Algorithms(realm, SignatureAlgorithms.All));
    }

    private static void WriteClientAuthentication(Utf8JsonWriter writer, Realm realm, IReadOnlyList<string> supported)
    {
        var algorithms = SecurityProfiles.Algorithms(realm, ClientAssertions.Algorithms).ToList();
        var methods = AllowedAuthentication.Offered(realm, supported);
        var withNone = AllowedAuthentication.Offered(realm, [.. supported, TokenEndpointAuthMethods.None]);
        WriteList(writer, "token_endpoint_auth_methods_supported", withNone);
        WriteList(writer, "token_endpoint_auth_signing_alg_values_supported", algorithms);
        WriteList(writer, "introspection_endpoint_auth_methods_supported", [.. methods, "Bearer"]);
        WriteList(writer, "introspection_endpoint_auth_signing_alg_values_supported", algorithms);
        WriteList(writer, "introspection_signing_alg_values_supported", [SignatureAlgorithms.Es256]);
        WriteList(writer, "access_token_signing_alg_values_supported", SecurityProfiles.Algorithms(realm, SignatureAlgorithms.All));
        WriteList(writer, "revocation_endpoint_auth_methods_supported", withNone);
        WriteList(writer, "revocation_endpoint_auth_signing_alg_values_supported", algorithms);
    }

    private static void WriteList(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }
}
