using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Documents.Yaml;

namespace Pltfrms.Iam.RealmAdmin.Documents;

/// <summary>Writes <c>audit_settings</c>.</summary>
internal static class AuditSettingsWriter
{
    private static readonly AuditSettings Unset = new();

    public static void Write(YamlWriter yaml, AuditSettings settings)
    {
        if (settings != Unset)
        {
            yaml.Gap().Mapping("audit_settings", () => yaml
                .Flag("no_token_events", !settings.TokenEvents)
                .Flag("durable_audit", settings.DurableAudit)
                .Plain(
                    "token_event_retention",
                    settings.TokenEventRetention == Unset.TokenEventRetention ? null : Values.Write(settings.TokenEventRetention)));
        }
    }
}
