using System.Text.Json;
using Pltfrms.Iam.Consent.Dialog;

namespace Pltfrms.Iam.Consent.Remote;

/// <summary>Authorization details in requests to a remote consent server, and in its answers.</summary>
internal static class RemoteDetails
{
    private const string Claim = "details";

    public static void Write(Utf8JsonWriter writer, IReadOnlyList<DetailView> details)
    {
        if (details.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(Claim);
        foreach (var detail in details)
        {
            writer.WriteStartObject();
            writer.WriteString("detail_id", detail.DetailId);
            writer.WritePropertyName("authorization_detail");
            writer.WriteRawValue(detail.Json);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>The ids of those that the server says were granted, among those asked; a server that knows nothing of details grants none.</summary>
    public static IReadOnlyList<string> Granted(JsonElement claims, IReadOnlyList<DetailView> asked)
    {
        if (!claims.TryGetProperty(Claim, out var details) || details.ValueKind != JsonValueKind.Array)
        {
            return [];
        }

        var granted = details.EnumerateArray().Select(Jose.Text).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return [.. asked.Select(detail => detail.DetailId).Where(granted.Contains)];
    }
}
