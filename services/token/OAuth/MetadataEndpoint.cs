using System.Text.Json;
using Pltfrms.Iam.Common.Realms;
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
            WriteList(writer, "grant_types_supported", realm.GrantTypes);

            // REQUIRED by section 2, also where there is no authorization endpoint.
            WriteList(writer, "response_types_supported", []);
            WriteList(writer, "token_endpoint_auth_methods_supported", ClientAuthenticationMethods.Names);
            WriteList(writer, "introspection_endpoint_auth_methods_supported", [.. ClientAuthenticationMethods.Names, "bearer"]);
            WriteList(writer, "revocation_endpoint_auth_methods_supported", ClientAuthenticationMethods.Names);
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
