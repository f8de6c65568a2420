using Google.Protobuf.WellKnownTypes;
using Pltfrms.Iam.Common.Realms.Model;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Common.Realms.Mapping;

internal static class SessionSettingsMapping
{
    private static readonly SessionSettings Unset = new();

    /// <summary>Settings that are the usual ones are not sent.</summary>
    public static Wire.SessionSettings? ToWire(this SessionSettings settings) => settings == Unset ? null : new()
    {
        IdleLifetime = ToWire(settings.IdleLifetime, Unset.IdleLifetime),
        AbsoluteLifetime = ToWire(settings.AbsoluteLifetime, Unset.AbsoluteLifetime),
        RefreshIdleLifetime = ToWire(settings.RefreshIdleLifetime, Unset.RefreshIdleLifetime),
        RefreshAbsoluteLifetime = ToWire(settings.RefreshAbsoluteLifetime, Unset.RefreshAbsoluteLifetime),
        RefreshRetryWindow = ToWire(settings.RefreshRetryWindow, Unset.RefreshRetryWindow),
        RequirePushedAuthorizationRequests = settings.RequirePushedAuthorizationRequests,
        RequireSignedRequestObject = settings.RequireSignedRequestObject,
    };

    public static SessionSettings ToRecord(this Wire.SessionSettings? settings) => settings is null ? Unset : new()
    {
        IdleLifetime = settings.IdleLifetime?.ToTimeSpan() ?? Unset.IdleLifetime,
        AbsoluteLifetime = settings.AbsoluteLifetime?.ToTimeSpan() ?? Unset.AbsoluteLifetime,
        RefreshIdleLifetime = settings.RefreshIdleLifetime?.ToTimeSpan() ?? Unset.RefreshIdleLifetime,
        RefreshAbsoluteLifetime = settings.RefreshAbsoluteLifetime?.ToTimeSpan() ?? Unset.RefreshAbsoluteLifetime,
        RefreshRetryWindow = settings.RefreshRetryWindow?.ToTimeSpan() ?? Unset.RefreshRetryWindow,
        RequirePushedAuthorizationRequests = settings.RequirePushedAuthorizationRequests,
        RequireSignedRequestObject = settings.RequireSignedRequestObject,
    };

    private static Duration? ToWire(TimeSpan lifetime, TimeSpan usual) => lifetime == usual ? null : Duration.FromTimeSpan(lifetime);
}
