using System.Text.Json;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Grants;
using Pltfrms.Iam.Token.OAuth;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Token.Registration;

/// <summary>The client information response (RFC 7591 section 3.2.1, RFC 7592 section 3): what is registered, and nothing that is not.</summary>
internal static class RegistrationAnswer
{
    public static Task WriteAsync(HttpContext context, int status, Wire.RegisteredClient registered, string issuer)
    {
        OAuthJson.NoStore(context.Response);
        context.Response.StatusCode = status;
        return OAuthJson.WriteAsync(context, (Registered: registered, Issuer: issuer), static (writer, of) =>
        {
            WriteCredentials(writer, of.Registered, of.Issuer);
            WriteFlows(writer, of.Registered.Client);
            WriteAbout(writer, of.Registered.Client);
            WriteSecurity(writer, of.Registered.Client);
            WriteText(writer, "software_statement", of.Registered.SoftwareStatement);
        });
    }

    private static void WriteCredentials(Utf8JsonWriter writer, Wire.RegisteredClient registered, string issuer)
    {
        var client = registered.Client;
        writer.WriteString("client_id", client.ClientId);
        if (client.Origin is { } origin)
        {
            writer.WriteNumber("client_id_issued_at", origin.RegisterTime.Seconds);
        }

        if (client.Secrets.Count > 0)
        {
            WriteText(writer, "client_secret", registered.ClientSecret);
            writer.WriteNumber("client_secret_expires_at", registered.ClientSecretExpireTime?.Seconds ?? 0);
        }

        writer.WriteString("registration_access_token", registered.RegistrationAccessToken);
        writer.WriteString("registration_client_uri", $"{issuer}{RegistrationEndpoint.Path}/{client.ClientId}");
    }

    private static void WriteFlows(Utf8JsonWriter writer, Wire.Client client)
    {
        WriteList(writer, "redirect_uris", client.RedirectUris);
        writer.WriteString("token_endpoint_auth_method", client.TokenEndpointAuthMethod switch
        {
            { Length: > 0 } method => method,
            _ => client.ClientType == Wire.ClientType.Public ? TokenEndpointAuthMethods.None : TokenEndpointAuthMethods.ClientSecretBasic,
        });
        WriteList(writer, "grant_types", client.GrantTypes);
        WriteList(writer, "response_types", client.GrantTypes.Contains(AuthorizationCodeGrant.Name) ? ["code"] : []);
        WriteText(writer, "scope", string.Join(' ', client.Scopes));
        if (client.AuthorizationDetailsTypes.Count > 0)
        {
            WriteList(writer, "authorization_details_types", client.AuthorizationDetailsTypes);
        }
    }

    private static void WriteAbout(Utf8JsonWriter writer, Wire.Client client)
    {
        WriteText(writer, "client_name", client.DisplayName);
        WriteText(writer, "logo_uri", client.Logo);
        if (client.About is not { } about)
        {
            return;
        }

        foreach (var (language, name) in about.Names.OrderBy(name => name.Key, StringComparer.Ordinal))
        {
            writer.WriteString($"client_name#{language}", name);
        }

        WriteText(writer, "client_uri", about.ClientUri);
        WriteText(writer, "tos_uri", about.TosUri);
        WriteText(writer, "policy_uri", about.PolicyUri);
        if (about.Contacts.Count > 0)
        {
            WriteList(writer, "contacts", about.Contacts);
        }

        WriteText(writer, "software_id", about.SoftwareId);
        WriteText(writer, "software_version", about.SoftwareVersion);
    }

    private static void WriteSecurity(Utf8JsonWriter writer, Wire.Client client)
    {
        if (client.Jwks.Length > 0)
        {
            writer.WritePropertyName("jwks");
            writer.WriteRawValue(client.Jwks);
        }

        WriteFlag(writer, "require_pushed_authorization_requests", client.RequirePushedAuthorizationRequests);
        WriteFlag(writer, "require_signed_request_object", client.RequireSignedRequestObject);
        WriteFlag(writer, "dpop_bound_access_tokens", client.DpopBoundAccessTokens);
        WriteFlag(writer, "tls_client_certificate_bound_access_tokens", client.TlsClientCertificateBoundAccessTokens);
        if (client.TlsClientAuth is { } auth)
        {
            WriteText(writer, "tls_client_auth_subject_dn", auth.SubjectDn);
            WriteText(writer, "tls_client_auth_san_dns", auth.SanDns);
            WriteText(writer, "tls_client_auth_san_uri", auth.SanUri);
            WriteText(writer, "tls_client_auth_san_ip", auth.SanIp);
            WriteText(writer, "tls_client_auth_san_email", auth.SanEmail);
        }
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string value)
    {
        if (value.Length > 0)
        {
            writer.WriteString(name, value);
        }
    }

    private static void WriteFlag(Utf8JsonWriter writer, string name, bool value)
    {
        if (value)
        {
            writer.WriteBoolean(name, value);
        }
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
