using System.Text.Json;
using Pltfrms.Iam.Consent.Consents;
using Pltfrms.Iam.Consent.Pages;

namespace Pltfrms.Iam.Consent.SelfService;

/// <summary>Writes applications as JSON, its names those of the contract's Application and ConsentRecord.</summary>
internal static class ApplicationsJson
{
    public static void WriteMembers(Utf8JsonWriter writer, ApplicationsView view)
    {
        writer.WriteStartArray("applications");
        foreach (var application in view.Applications)
        {
            writer.WriteStartObject();
            writer.WritePropertyName("client");
            ChallengeJson.Write(writer, application.Access.Client);
            writer.WriteStartArray("consents");
            foreach (var decision in application.Decisions)
            {
                Write(writer, decision);
            }

            writer.WriteEndArray();
            WriteTime(writer, "last_use_time", application.Access.LastUsedAt);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, DecisionView decision)
    {
        var consent = decision.Consent;
        writer.WriteStartObject();
        writer.WriteString("organization_id", consent.OrganizationId);
        writer.WriteString("organization_display_name", decision.OrganizationDisplayName);
        writer.WriteString("scope", consent.Scope);
        writer.WriteString("title", decision.Title);
        writer.WriteString("description", decision.Description);
        writer.WriteString("language", decision.Language);
        writer.WriteString("decision", consent.Decision == ConsentDecision.Granted ? "granted" : "denied");
        WriteTime(writer, "decide_time", consent.DecidedAt);
        WriteTime(writer, "expire_time", consent.ExpiresAt);
        writer.WriteString("method", consent.Method);
        writer.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter writer, string name, DateTimeOffset? time)
    {
        if (time is { } known)
        {
            writer.WriteString(name, ChallengeJson.Time(known));
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
