using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Clients;
using Pltfrms.Iam.RealmAdmin.Writes;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.Registration;

/// <summary>
/// Makes a client of client metadata. What a client must look like is what it must look like for administrators; here it is only said in the words
/// of RFC 7591.
/// </summary>
internal static class RegistrationDraft
{
    private const string DataScheme = "data:";
    private const string CodeResponse = "code";

    private static readonly Dictionary<string, string> Members = new()
    {
        ["display_name"] = "client_name",
        ["logo"] = "logo_uri",
        ["scopes"] = "scope",
        ["client_type"] = "token_endpoint_auth_method",
    };

    /// <param name="before">What the metadata do not speak of stays as it is in this client.</param>
    /// <param name="metadata">The metadata.</param>
    /// <param name="platform">Whether the realm is the platform's.</param>
    /// <exception cref="IamException">INVALID_REDIRECT_URI, INVALID_CLIENT_METADATA.</exception>
    public static Draft Read(Client before, ClientMetadata metadata, bool platform)
    {
        var wire = before.ToWire();
        Copy(metadata, wire);
        try
        {
            return Draft.Read(ResourceForm.Of(ResourceKind.Client), before.RealmId, platform, wire, "");
        }
        catch (IamException refusal) when (refusal.Violations.Count > 0)
        {
            throw Translated(refusal);
        }
    }

    /// <summary>The refusal of a field of a client as that of the member it comes from.</summary>
    public static IamException Translated(IamException refusal)
    {
        var first = refusal.Violations[0];
        var end = first.Field.AsSpan().IndexOfAny('.', '[');
        var name = end < 0 ? first.Field : first.Field[..end];
        var member = name == "about" ? first.Field[(end + 1)..]
            : name == "tls_client_auth" ? first.Field.Replace('.', '_')
            : Members.TryGetValue(name, out var other) ? other + first.Field[name.Length..]
            : first.Field;
        return ClientMetadata.Wrong(member.Replace("names.", "client_name#", StringComparison.Ordinal), first.Description);
    }

    private static void Copy(ClientMetadata metadata, Wire.Client client)
    {
        if (metadata.Has("jwks_uri"))
        {
            throw ClientMetadata.Wrong("jwks_uri", "is not taken: send the keys themselves as jwks, and new ones by updating the registration");
        }

        CopyFlows(metadata, client);
        client.DisplayName = metadata.Text("client_name") ?? "";
        // Nobody's server is asked for an image while users decide: it would learn who they are. Such an address is left out, and the answer says so.
        client.Logo = metadata.Text("logo_uri") is { } logo && logo.StartsWith(DataScheme, StringComparison.Ordinal) ? logo : "";
        client.Jwks = metadata.Json("jwks") ?? "";
        client.RequirePushedAuthorizationRequests = metadata.Flag("require_pushed_authorization_requests");
        client.RequireSignedRequestObject = metadata.Flag("require_signed_request_object");
        client.DpopBoundAccessTokens = metadata.Flag("dpop_bound_access_tokens");
        client.TlsClientCertificateBoundAccessTokens = metadata.Flag("tls_client_certificate_bound_access_tokens");
        client.TlsClientAuth = TlsClientAuth(metadata);
        client.About = new Wire.ClientAbout
        {
            ClientUri = metadata.Text("client_uri") ?? "",
            TosUri = metadata.Text("tos_uri") ?? "",
            PolicyUri = metadata.Text("policy_uri") ?? "",
            Contacts = { metadata.Texts("contacts") ?? [] },
            SoftwareId = metadata.Text("software_id") ?? "",
            SoftwareVersion = metadata.Text("software_version") ?? "",
            Names = { metadata.Names.ToDictionary() },
        };
    }

    /// <summary>RFC 8705 section 2.1.2.</summary>
    private static Wire.TlsClientAuth? TlsClientAuth(ClientMetadata metadata)
    {
        var auth = new Wire.TlsClientAuth
        {
            SubjectDn = metadata.Text("tls_client_auth_subject_dn") ?? "",
            SanDns = metadata.Text("tls_client_auth_san_dns") ?? "",
            SanUri = metadata.Text("tls_client_auth_san_uri") ?? "",
            SanIp = metadata.Text("tls_client_auth_san_ip") ?? "",
            SanEmail = metadata.Text("tls_client_auth_san_email") ?? "",
        };
        return auth.Equals(new Wire.TlsClientAuth()) ? null : auth;
    }

    private static void CopyFlows(ClientMetadata metadata, Wire.Client client)
    {
        Replace(client.RedirectUris, metadata.Texts(ClientMetadata.RedirectUris) ?? []);
        Replace(client.GrantTypes, metadata.Texts("grant_types") ?? [GrantTypes.AuthorizationCode]);
        RequireMatch(client.GrantTypes, metadata.Texts("response_types"));
        Replace(client.Scopes, (metadata.Text("scope") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal));
        Replace(client.AuthorizationDetailsTypes, metadata.Texts("authorization_details_types") ?? []);
        Replace(client.RequiredScopes, [.. client.RequiredScopes.Where(client.Scopes.Contains)]);
        client.TokenEndpointAuthMethod = metadata.Text("token_endpoint_auth_method") ?? TokenEndpointAuthMethods.ClientSecretBasic;
        client.ClientType = client.TokenEndpointAuthMethod == TokenEndpointAuthMethods.None ? Wire.ClientType.Public
            : client.GrantTypes.Any(grant => grant is GrantTypes.AuthorizationCode or GrantTypes.DeviceCode) ? Wire.ClientType.Web
            : Wire.ClientType.Service;
    }

    /// <summary>RFC 7591 section 2.1: what is asked for at the two endpoints must fit together.</summary>
    private static void RequireMatch(ICollection<string> grantTypes, IReadOnlyList<string>? responseTypes)
    {
        var hasCode = grantTypes.Contains(GrantTypes.AuthorizationCode);
        var expected = hasCode ? (string[])[CodeResponse] : [];
        if (responseTypes is not null && !responseTypes.SequenceEqual(expected))
        {
            throw ClientMetadata.Wrong("response_types", hasCode ? "must be [\"code\"]" : "must be empty without the grant type authorization_code");
        }

        if (grantTypes.Contains(GrantTypes.RefreshToken) && !hasCode && !grantTypes.Contains(GrantTypes.DeviceCode))
        {
            throw ClientMetadata.Wrong("grant_types", "must have a grant type that gives refresh tokens, beside refresh_token");
        }
    }

    private static void Replace(ICollection<string> field, IEnumerable<string> values)
    {
        var items = values.ToList();
        field.Clear();
        items.ForEach(field.Add);
    }
}
