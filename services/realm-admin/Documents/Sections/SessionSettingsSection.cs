using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Documents.Sections;

/// <summary><c>session_settings</c>.</summary>
internal static class SessionSettingsSection
{
    private static readonly SessionSettings Unset = new();
    private static readonly TimeSpan LongestSession = TimeSpan.FromDays(30);
    private static readonly TimeSpan LongestRefresh = TimeSpan.FromDays(3650);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(60);

    public static SessionSettings Read(Fields fields) => new()
    {
        IdleLifetime = fields.Duration("idle_lifetime", LongestSession) ?? Unset.IdleLifetime,
        AbsoluteLifetime = fields.Duration("absolute_lifetime", LongestSession) ?? Unset.AbsoluteLifetime,
        RefreshIdleLifetime = fields.Duration("refresh_idle_lifetime", LongestRefresh) ?? Unset.RefreshIdleLifetime,
        RefreshAbsoluteLifetime = fields.Duration("refresh_absolute_lifetime", LongestRefresh) ?? Unset.RefreshAbsoluteLifetime,
        RefreshRetryWindow = fields.Duration("refresh_retry_window", LongestRetry) ?? Unset.RefreshRetryWindow,
        RequirePushedAuthorizationRequests = fields.Flag("require_pushed_authorization_requests"),
        RequireSignedRequestObject = fields.Flag("require_signed_request_object"),
    };
}
