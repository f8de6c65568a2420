using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Documents.Sections;

/// <summary>What a client signs, how it proves who it is, what its tokens are bound to, and what it may ask for beyond scopes.</summary>
internal static class ClientSecuritySection
{
    private const string Method = "token_endpoint_auth_method";

    public static Client Read(Fields fields, Client client)
    {
        var read = client with
        {
            RequirePushedAuthorizationRequests = fields.Flag("require_pushed_authorization_requests"),
            Jwks = fields.Text("jwks", Rules.Jwks),
            RequireSignedRequestObject = fields.Flag("require_signed_request_object"),
            DpopBoundAccessTokens = fields.Flag("dpop_bound_access_tokens"),
            AccessTokenSignedResponseAlg = fields.Text("access_token_signed_response_alg", Rules.SignatureAlgorithm) ?? SignatureAlgorithms.Es256,
            TokenEndpointAuthMethod = fields.Text(Method, Rules.TokenEndpointAuthMethod),
            TlsClientAuth = fields.Mapping("tls_client_auth", TlsClientAuth),
            TlsClientCertificateBoundAccessTokens = fields.Flag("tls_client_certificate_bound_access_tokens"),
            SecurityProfile = fields.Choice<SecurityProfile>("security_profile") ?? SecurityProfile.None,
            AuthorizationDetailsTypes = fields.Set("authorization_details_types", Rules.DetailName),
            MayActClientId = fields.Reference("may_act_client_id", ReferenceKind.Client, Rules.Id),
        };
        if (Violation(read, hasJwks: fields.Has("jwks")) is { } violation)
        {
            fields.Error(Method, violation);
        }

        return read;
    }

    /// <summary>A client that is limited to what it cannot do could do nothing.</summary>
    private static string? Violation(Client client, bool hasJwks)
    {
        var isPublic = client.ClientType == ClientType.Public;
        return client.TokenEndpointAuthMethod switch
        {
            TokenEndpointAuthMethods.None when !isPublic => "must not be none: only a public client does not authenticate",
            TokenEndpointAuthMethods.ClientSecretBasic or TokenEndpointAuthMethods.ClientSecretPost when isPublic => "must need no secret: a public client cannot keep one",
            TokenEndpointAuthMethods.PrivateKeyJwt or TokenEndpointAuthMethods.SelfSignedTlsClientAuth when !hasJwks => "needs jwks",
            TokenEndpointAuthMethods.TlsClientAuth when client.TlsClientAuth is null => "needs tls_client_auth",
            _ => null,
        };
    }

    private static TlsClientAuth TlsClientAuth(Fields fields)
    {
        var auth = new TlsClientAuth
        {
            SubjectDn = fields.Text("subject_dn", Rules.DistinguishedName),
            SanDns = fields.Text("san_dns", Rules.DnsName),
            SanUri = fields.Text("san_uri", Rules.UriName),
            SanIp = fields.Text("san_ip", Rules.IpAddress),
            SanEmail = fields.Text("san_email", Rules.EmailAddress),
        };

        // RFC 8705 section 2.1.2: "A client using the tls_client_auth authentication method MUST use exactly one of the below metadata parameters".
        string[] names = ["subject_dn", "san_dns", "san_uri", "san_ip", "san_email"];
        if (names.Count(fields.Has) != 1)
        {
            fields.Error("subject_dn", "must be the only one, or one of san_dns, san_uri, san_ip and san_email");
        }

        return auth;
    }
}
