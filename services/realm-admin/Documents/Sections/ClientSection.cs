using System.Security.Cryptography;
using System.Text;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Clients;

namespace Pltfrms.Iam.RealmAdmin.Documents.Sections;

/// <summary><c>clients</c>.</summary>
internal static class ClientSection
{
    private const int MostSecrets = 10;

    public static IReadOnlyList<ReadClient> Read(Fields fields, string realmId, References references) =>
        fields.Each("clients", client => Client(client, realmId, references));

    public static ReadClient? Client(Fields fields, string realmId, References references)
    {
        var clientId = fields.RequiredText("client_id", Rules.Id);
        references.Declare(ReferenceKind.Client, clientId, fields.PathOf("client_id"));
        if (!fields.Has("client_type"))
        {
            fields.Error("client_type", "is required");
        }

        var type = fields.Choice<ClientType>("client_type");
        var client = new Client
        {
            RealmId = realmId,
            ClientId = clientId ?? "",
            DisplayName = fields.Text("display_name", Rules.DisplayName) ?? "",
            ClientType = type ?? ClientType.Web,
            Disabled = fields.Flag("disabled"),
            GrantTypes = fields.Set("grant_types", GrantTypes.Rule),
            RedirectUris = fields.Set("redirect_uris", Rules.RedirectUri),
            Scopes = fields.ReferenceSet("scopes", ReferenceKind.Scope, Rules.ScopeName),
            ConsentPolicy = fields.Choice<ConsentPolicy>("consent_policy") ?? ConsentPolicy.Required,
            AccessTokenLifetime = fields.Duration("access_token_lifetime"),
            OwnerOrganizationId = fields.Reference("owner_organization_id", ReferenceKind.Organization, Rules.Id),
            RequiredScopes = fields.ReferenceSet("required_scopes", ReferenceKind.Scope, Rules.ScopeName),
            WebOrigins = fields.Set("web_origins", Rules.WebOrigin),
            AsksForOrganization = fields.Flag("asks_for_organization"),
            AccessTokenFormat = fields.Choice<AccessTokenFormat>("access_token_format") ?? AccessTokenFormat.Jwt,
            Secrets = Secrets(fields),
        };
        client = ClientSecuritySection.Read(fields, ClientAboutSection.Read(fields, client));
        if (type is not null)
        {
            CheckType(fields, client);
        }

        return clientId is null ? null : new ReadClient(client, fields.Has("secrets"));
    }

    private static void CheckType(Fields fields, Client client)
    {
        var (isPublic, isService) = (client.ClientType == ClientType.Public, client.ClientType == ClientType.Service);
        Refuse(isPublic && client.Secrets.Count > 0, "secrets", "must be empty: a public client cannot keep a secret");
        Refuse(
            isPublic && client.GrantTypes.Contains(GrantTypes.ClientCredentials),
            "grant_types",
            "must not have client_credentials: a public client cannot authenticate");
        Refuse(isService && client.RedirectUris.Count > 0, "redirect_uris", "must be empty: a service client has no users to send back");
        Refuse(
            isService && client.GrantTypes.Contains(GrantTypes.AuthorizationCode),
            "grant_types",
            "must not have authorization_code: a service client has no users");
        Refuse(
            client.Scopes.Count > 0 && client.RequiredScopes.Except(client.Scopes).Any(),
            "required_scopes",
            "must be among the scopes that the client is registered for");
        Refuse(
            client.GrantTypes.Contains(GrantTypes.AuthorizationCode) && !fields.Has("redirect_uris"),
            "redirect_uris",
            "is required with the grant type authorization_code");

        void Refuse(bool wrong, string key, string description)
        {
            if (wrong)
            {
                fields.Error(key, description);
            }
        }
    }

    private static ValueList<ClientSecret> Secrets(Fields fields)
    {
        HashSet<string> ids = new(StringComparer.OrdinalIgnoreCase);
        var secrets = fields.Each("secrets", secret => Secret(secret, ids), MostSecrets);
        return secrets.OrderBy(secret => secret.SecretId, StringComparer.Ordinal).ToValueList();
    }

    private static ClientSecret? Secret(Fields fields, HashSet<string> ids)
    {
        var secretId = fields.RequiredText("secret_id", Rules.Id);
        if (secretId is not null && !ids.Add(secretId))
        {
            fields.Error("secret_id", "must be unique in the client");
        }

        if (fields.Has("secret") == fields.Has("sha256"))
        {
            fields.Error("secret", "must be set, or sha256, but not both");
        }

        var secret = fields.Text("secret", Rules.Secret);
        var sha256 = fields.Text("sha256", Rules.Sha256);
        var expiresAt = fields.Instant("expires_at");
        return secretId is null ? null : new ClientSecret
        {
            SecretId = secretId,
            Sha256 = sha256 ?? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret ?? ""))),
            ExpiresAt = expiresAt,
        };
    }

    /// <summary>A client, and whether the document speaks of its secrets at all.</summary>
    internal sealed record ReadClient(Client Client, bool HasSecrets);
}
