using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Documents.Yaml;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Documents;

/// <summary>Writes how clients prove who they are, and what they may ask for beyond scopes.</summary>
internal static class SecurityWriter
{
    public static YamlWriter Security(this YamlWriter yaml, Client client)
    {
        yaml.Text("token_endpoint_auth_method", client.TokenEndpointAuthMethod);
        if (client.TlsClientAuth is { } auth)
        {
            yaml.Mapping("tls_client_auth", () => yaml
                .Text("subject_dn", auth.SubjectDn)
                .Text("san_dns", auth.SanDns)
                .Text("san_uri", auth.SanUri)
                .Text("san_ip", auth.SanIp)
                .Text("san_email", auth.SanEmail));
        }

        return yaml
            .Flag("tls_client_certificate_bound_access_tokens", client.TlsClientCertificateBoundAccessTokens)
            .Text("may_act_client_id", client.MayActClientId)
            .Plain("security_profile", Text(client.SecurityProfile))
            .Texts("authorization_details_types", client.AuthorizationDetailsTypes);
    }

    public static YamlWriter Security(this YamlWriter yaml, Realm realm) => yaml
        .Plain("security_profile", Text(realm.SecurityProfile))
        .Text("client_certificate_authorities", realm.ClientCertificateAuthorities);

    private static string? Text(SecurityProfile profile) => profile == SecurityProfile.None ? null : StoredNames.Of(profile);
}
