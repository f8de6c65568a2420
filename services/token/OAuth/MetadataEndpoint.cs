using System.Text.Json;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.Authorization;
using Pltfrms.Iam.Token.ClientAuthentication;
using Pltfrms.Iam.Token.Grants;
using Pltfrms.Iam.Token.Realms;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>Authorization server metadata (RFC 8414): what is supported, and nothing that is not.</summary>
public sealed class MetadataEndpoint(RealmSnapshots realms, Issuers issuers, GrantTable grants)
{
    private const string Caching = "public, max-age=300";

    public async Task HandleAsync(HttpContext context)
    {
        var snapshot = await realms.GetLastKnownAsync(OAuthRoutes.RealmOf(context), context.RequestAborted);
        context.Response.Headers.CacheControl = Caching;
        await OAuthJson.WriteAsync(context, (Issuer: issuers.Of(snapshot.Realm), GrantTypes: grants.GrantTypes), static (writer, realm) =>
        {
            writer.WriteString("issuer", realm.Issuer);
            writer.WriteString("token_endpoint", realm.Issuer + "/oauth2/token");
            writer.WriteString("introspection_endpoint", realm.Issuer + "/oauth2/introspect");
            writer.WriteString("revocation_endpoint", realm.Issuer + "/oauth2/revoke");
            writer.WriteString("jwks_uri", realm.Issuer + "/oauth2/jwks");
            writer.WriteString("device_authorization_endpoint", realm.Issuer + "/oauth2/device_authorization");
            writer.WriteString("pushed_authorization_request_endpoint", realm.Issuer + "/oauth2/par");
            WriteList(writer, "grant_types_supported", realm.GrantTypes);
            writer.WriteString("authorization_endpoint", realm.Issuer + BrowserAddresses.AuthorizePath);
            WriteList(writer, "response_types_supported", ["code"]);
            WriteList(writer, "response_modes_supported", ["query", "form_post"]);
            WriteList(writer, "code_challenge_methods_supported", [Pkce.Method]);
            WriteList(writer, "prompt_values_supported", ["none", "login", "consent", "select_account"]);
            writer.WriteBoolean("authorization_response_iss_parameter_supported", true);
            WriteList(writer, "token_endpoint_auth_methods_supported", [.. ClientAuthenticationMethods.Names, "none"]);
            WriteList(writer, "introspection_endpoint_auth_methods_supported", [.. ClientAuthenticationMethods.Names, "bearer"]);
            WriteList(writer, "revocation_endpoint_auth_methods_supported", [.. ClientAuthenticationMethods.Names, "none"]);
        });
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
