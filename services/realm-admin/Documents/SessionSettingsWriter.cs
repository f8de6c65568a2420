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
            yaml.Gap().Mapping("login_settings", () => yaml.Text("custom_login_uri", realm.LoginSettings.CustomLoginUri));
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

    private static string? Text(TimeSpan lifetime, TimeSpan usual) => lifetime == usual ? null : Values.Write(lifetime);
}
