using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Documents.Sections;

/// <summary><c>login_settings</c>.</summary>
internal static class LoginSettingsSection
{
    private const int MostMappings = 1_000;
    private const string OpenId = "openid";

    public static LoginSettings Read(Fields fields, References references)
    {
        if (fields.Has("upstream") && fields.Has("custom_login_uri"))
        {
            fields.Error("custom_login_uri", "must not be set beside upstream: one of them logs users in");
        }

        return new LoginSettings
        {
            Upstream = fields.Mapping("upstream", upstream => Upstream(upstream, references)),
            CustomLoginUri = fields.Text("custom_login_uri", Rules.WebAddress),
        };
    }

    private static UpstreamProvider? Upstream(Fields fields, References references)
    {
        var issuer = fields.RequiredText("issuer", Rules.Issuer);
        var clientId = fields.RequiredText("client_id", Rules.ForeignCredential);
        if (fields.Has("role_mappings") && !fields.Has("roles_claim"))
        {
            fields.Error("roles_claim", "is required with role_mappings");
        }

        var scopes = fields.Set("scopes", Rules.ScopeName);
        if (scopes.Contains(OpenId))
        {
            fields.Error("scopes", "must not have openid, which is always asked for");
        }

        var provider = new UpstreamProvider
        {
            Issuer = issuer ?? "",
            ClientId = clientId ?? "",
            ClientSecret = fields.Text("client_secret", Rules.ForeignCredential),
            Scopes = scopes,
            CreateUsers = fields.Flag("create_users"),
            RolesClaim = fields.Text("roles_claim", Rules.Claim),
            RoleMappings = Mappings(fields, "role_mappings", Rules.Id, ReferenceKind.Role, references),
            AcrMappings = Mappings(fields, "acr_mappings", Rules.Claim, ReferenceKind.Acr, references),
        };
        return issuer is null || clientId is null ? null : provider;
    }

    private static ValueList<ClaimMapping> Mappings(Fields fields, string key, TextRule rule, ReferenceKind kind, References references)
    {
        List<ClaimMapping> mappings = [];
        foreach (var (value, standsFor, path) in fields.TextEntries(key, Rules.ClaimValue, rule, MostMappings))
        {
            references.Refer(kind, standsFor, path);
            mappings.Add(new ClaimMapping { Value = value, StandsFor = standsFor });
        }

        return mappings.OrderBy(mapping => mapping.Value, StringComparer.Ordinal).ToValueList();
    }
}
