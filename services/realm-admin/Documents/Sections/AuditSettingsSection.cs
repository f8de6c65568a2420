using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Documents.Sections;

/// <summary><c>audit_settings</c>.</summary>
internal static class AuditSettingsSection
{
    private static readonly AuditSettings Unset = new();
    private static readonly TimeSpan ShortestRetention = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestRetention = TimeSpan.FromDays(400);

    public static AuditSettings Read(Fields fields)
    {
        var settings = new AuditSettings
        {
            TokenEvents = !fields.Flag("no_token_events"),
            DurableAudit = fields.Flag("durable_audit"),
            TokenEventRetention = Retention(fields),
        };
        if (settings is { DurableAudit: true, TokenEvents: false })
        {
            fields.Error("no_token_events", "must not be set with durable_audit");
        }

        return settings;
    }

    private static TimeSpan Retention(Fields fields)
    {
        const string key = "token_event_retention";
        var retention = fields.Duration(key, LongestRetention) ?? Unset.TokenEventRetention;
        if (retention < ShortestRetention)
        {
            fields.Error(key, $"must be {Values.Write(ShortestRetention)} or longer");
        }

        return retention;
    }
}
