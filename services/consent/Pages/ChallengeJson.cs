using System.Globalization;
using System.Text.Json;
using Pltfrms.Iam.Consent.Dialog;

namespace Pltfrms.Iam.Consent.Pages;

/// <summary>Writes a challenge as JSON, its names those of the contract's GetChallengeResponse.</summary>
internal static class ChallengeJson
{
    public static void WriteMembers(Utf8JsonWriter writer, ChallengeView challenge)
    {
        writer.WriteString("realm_display_name", challenge.RealmDisplayName);
        writer.WritePropertyName("client");
        Write(writer, challenge.Client);
        writer.WriteString("user_id", challenge.UserId);
        writer.WriteString("user_display_name", challenge.UserDisplayName);
        writer.WriteString("organization_id", challenge.OrganizationId);
        writer.WriteString("organization_display_name", challenge.OrganizationDisplayName);
        WriteScopes(writer, "scopes", challenge.Scopes);
        WriteScopes(writer, "granted_scopes", challenge.GrantedScopes);
        WriteDetails(writer, challenge.Details);
        writer.WriteBoolean("offline_access", challenge.OfflineAccess);
        writer.WriteNumber("lifetime", (long)challenge.Lifetime.TotalSeconds);
        writer.WriteString("expire_time", Time(challenge.ExpiresAt));
        writer.WriteString("language", challenge.Language);
    }

    public static void Write(Utf8JsonWriter writer, ClientView client)
    {
        writer.WriteStartObject();
        writer.WriteString("client_id", client.ClientId);
        writer.WriteString("display_name", client.DisplayName);
        writer.WriteString("logo", client.Logo);
        writer.WriteBoolean("verified", client.Verified);
        writer.WriteString("owner_organization_id", client.OwnerOrganizationId);
        writer.WriteString("owner_display_name", client.OwnerDisplayName);
        writer.WriteEndObject();
    }

    /// <summary>RFC 3339.</summary>
    public static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static void WriteDetails(Utf8JsonWriter writer, IReadOnlyList<DetailView> details)
    {
        writer.WriteStartArray("details");
        foreach (var detail in details)
        {
            writer.WriteStartObject();
            writer.WriteString("detail_id", detail.DetailId);
            writer.WriteString("type", detail.Type);
            writer.WriteString("title", detail.Title);
            writer.WriteString("description", detail.Description);
            writer.WriteString("language", detail.Language);
            writer.WriteString("resource_server", detail.ResourceServer);
            writer.WritePropertyName("authorization_detail");
            writer.WriteRawValue(detail.Json);
            writer.WriteString("text_version", detail.TextVersion);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteScopes(Utf8JsonWriter writer, string name, IReadOnlyList<ScopeView> scopes)
    {
        writer.WriteStartArray(name);
        foreach (var scope in scopes)
        {
            writer.WriteStartObject();
            writer.WriteString("scope", scope.Scope);
            writer.WriteString("title", scope.Title);
            writer.WriteString("description", scope.Description);
            writer.WriteString("language", scope.Language);
            writer.WriteBoolean("client_translates", scope.ClientTranslates);
            writer.WriteStartArray("resource_servers");
            foreach (var resourceServer in scope.ResourceServers)
            {
                writer.WriteStringValue(resourceServer);
            }

            writer.WriteEndArray();
            writer.WriteBoolean("required", scope.Required);
            writer.WriteString("text_version", scope.TextVersion);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
