using System.Globalization;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Documents.Yaml;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Documents;

/// <summary>Writes <c>client_registration</c>, and of a client <c>about</c> and <c>origin</c>.</summary>
internal static class ClientRegistrationWriter
{
    private static readonly ClientRegistrationPolicy Usual = new();

    public static void Write(YamlWriter yaml, ClientRegistrationSettings? settings)
    {
        if (settings is null)
        {
            return;
        }

        yaml.Gap().Mapping("client_registration", () =>
        {
            yaml.Plain("mode", StoredNames.Of(settings.Mode))
                .Plain(
                    "max_clients",
                    settings.MaxClients == ClientRegistrationSettings.UsualMaxClients ? null : settings.MaxClients.ToString(CultureInfo.InvariantCulture))
                .Plain("unused_lifetime", Text(settings.UnusedLifetime));
            if (settings.Policy != Usual)
            {
                yaml.Mapping("policy", () => Write(yaml, settings.Policy));
            }
        });
    }

    public static YamlWriter Registration(this YamlWriter yaml, Client client)
    {
        if (client.About is { } about)
        {
            yaml.Mapping("about", () => Write(yaml, about));
        }

        if (client.Origin is { } origin)
        {
            yaml.Mapping("origin", () => yaml
                .Plain("registered_at", Values.Write(origin.RegisteredAt))
                .Text("initial_access_token_id", origin.InitialAccessTokenId)
                .Text("software_statement_issuer", origin.SoftwareStatementIssuer)
                .Text("source_address", origin.SourceAddress));
        }

        return yaml;
    }

    private static void Write(YamlWriter yaml, ClientAbout about)
    {
        yaml.Text("client_uri", about.ClientUri)
            .Text("tos_uri", about.TosUri)
            .Text("policy_uri", about.PolicyUri)
            .Texts("contacts", about.Contacts)
            .Text("software_id", about.SoftwareId)
            .Text("software_version", about.SoftwareVersion);
        if (about.Names.Count > 0)
        {
            yaml.Mapping("names", () =>
            {
                foreach (var name in about.Names)
                {
                    yaml.Entry(name.Language, name.Name);
                }
            });
        }
    }

    private static void Write(YamlWriter yaml, ClientRegistrationPolicy policy) => yaml
        .Texts("client_types", [.. policy.ClientTypes.Select(StoredNames.Of)])
        .Texts("grant_types", policy.GrantTypes)
        .Texts("scopes", policy.Scopes)
        .Texts("authorization_details_types", policy.AuthorizationDetailsTypes)
        .Texts("redirect_hosts", policy.RedirectHosts)
        .Texts("token_endpoint_auth_methods", policy.TokenEndpointAuthMethods)
        .Flag("require_software_statement", policy.RequireSoftwareStatement)
        .Plain("client_secret_lifetime", Text(policy.ClientSecretLifetime))
        .Each("software_statement_issuers", policy.SoftwareStatementIssuers, issuer => yaml.Text("issuer", issuer.Issuer).Text("jwks", issuer.Jwks));

    private static string? Text(TimeSpan? lifetime) => lifetime is { } set ? Values.Write(set) : null;
}
