using System.Text.Json;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Realms;

namespace Pltfrms.Iam.Token.MutualTls;

/// <summary>What metadata says of certificates (RFC 8705 sections 3.3 and 5), where they can be seen.</summary>
public sealed class MutualTlsMetadata(ClientCertificates certificates, Issuers issuers)
{
    private static readonly string[] Methods = [TokenEndpointAuthMethods.TlsClientAuth, TokenEndpointAuthMethods.SelfSignedTlsClientAuth];

    private static readonly (string Name, string Path)[] Endpoints =
    [
        ("token_endpoint", "/oauth2/token"),
        ("introspection_endpoint", "/oauth2/introspect"),
        ("revocation_endpoint", "/oauth2/revoke"),
        ("device_authorization_endpoint", "/oauth2/device_authorization"),
        ("pushed_authorization_request_endpoint", "/oauth2/par"),
    ];

    /// <summary>The ways to authenticate that certificates add.</summary>
    public IReadOnlyList<string> AuthenticationMethods { get; } = certificates.AreSeen ? Methods : [];

    public void Write(Utf8JsonWriter writer, Realm realm)
    {
        if (!certificates.AreSeen)
        {
            return;
        }

        writer.WriteBoolean("tls_client_certificate_bound_access_tokens", true);
        if (issuers.MutualTlsBaseOf(realm) is not { } address)
        {
            return;
        }

        writer.WriteStartObject("mtls_endpoint_aliases");
        foreach (var (name, path) in Endpoints)
        {
            writer.WriteString(name, address + path);
        }

        writer.WriteEndObject();
    }
}
