using Google.Protobuf.WellKnownTypes;
using Pltfrms.Iam.Common.Realms.Model;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Common.Realms.Mapping;

internal static class AuditSettingsMapping
{
    private static readonly AuditSettings Unset = new();

    /// <summary>Settings that are the usual ones are not sent.</summary>
    public static Wire.AuditSettings? ToWire(this AuditSettings settings) => settings == Unset ? null : new()
    {
        NoTokenEvents = !settings.TokenEvents,
        DurableAudit = settings.DurableAudit,
        TokenEventRetention = settings.TokenEventRetention == Unset.TokenEventRetention ? null : Duration.FromTimeSpan(settings.TokenEventRetention),
    };

    public static AuditSettings ToRecord(this Wire.AuditSettings? settings) => settings is null ? Unset : new()
    {
        TokenEvents = !settings.NoTokenEvents,
        DurableAudit = settings.DurableAudit,
        TokenEventRetention = settings.TokenEventRetention?.ToTimeSpan() ?? Unset.TokenEventRetention,
    };
}
