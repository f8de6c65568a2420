using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Documents.Yaml;

namespace Pltfrms.Iam.RealmAdmin.Documents;

/// <summary>Writes <c>login_settings</c> and <c>session_settings</c>.</summary>
internal static class SessionSettingsWriter
{
    private static readonly SessionSettings Unset = new();
    private static readonly LoginSettings UnsetLogin = new();

    public static void Write(YamlWriter yaml, Realm realm)
    {
        if (realm.LoginSettings != UnsetLogin)
        {
            yaml.Gap().Mapping("login_settings", () => Write(yaml, realm.LoginSettings));
        }

        if (realm.SessionSettings != Unset)
        {
            yaml.Gap().Mapping("session_settings", () => Write(yaml, realm.SessionSettings));
        }
    }

    private static void Write(YamlWriter yaml, SessionSettings settings) => yaml
        .Plain("idle_lifetime", Text(settings.IdleLifetime, Unset.IdleLifetime))
        .Plain("absolute_lifetime", Text(settings.AbsoluteLifetime, Unset.AbsoluteLifetime))
        .Plain("refresh_idle_lifetime", Text(settings.RefreshIdleLifetime, Unset.RefreshIdleLifetime))
        .Plain("refresh_absolute_lifetime", Text(settings.RefreshAbsoluteLifetime, Unset.RefreshAbsoluteLifetime))
        .Plain("refresh_retry_window", Text(settings.RefreshRetryWindow, Unset.RefreshRetryWindow))
        .Flag("require_pushed_authorization_requests", settings.RequirePushedAuthorizationRequests)
        .Flag("require_signed_request_object", settings.RequireSignedRequestObject);

    private static void Write(YamlWriter yaml, LoginSettings settings)
    {
        yaml.Text("custom_login_uri", settings.CustomLoginUri);
        if (settings.Upstream is { } upstream)
        {
            yaml.Mapping("upstream", () => Write(yaml, upstream));
        }
    }

    /// <summary>Without the client secret, which an import leaves as it is stored.</summary>
    private static void Write(YamlWriter yaml, UpstreamProvider upstream)
    {
        yaml.Text("issuer", upstream.Issuer)
            .Text("client_id", upstream.ClientId)
            .Texts("scopes", upstream.Scopes)
            .Flag("create_users", upstream.CreateUsers)
            .Text("roles_claim", upstream.RolesClaim);
        Write(yaml, "role_mappings", upstream.RoleMappings);
        Write(yaml, "acr_mappings", upstream.AcrMappings);
    }

    private static void Write(YamlWriter yaml, string key, ValueList<ClaimMapping> mappings)
    {
        if (mappings.Count == 0)
        {
            return;
        }

        yaml.Mapping(key, () =>
        {
            foreach (var mapping in mappings)
            {
                yaml.Entry(mapping.Value, mapping.StandsFor);
            }
        });
    }

    private static string? Text(TimeSpan lifetime, TimeSpan usual) => lifetime == usual ? null : Values.Write(lifetime);
}
