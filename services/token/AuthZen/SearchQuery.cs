using System.Text;
using System.Text.Json;

namespace Pltfrms.Iam.Token.AuthZen;

/// <summary>A search in one spelling, whatever the order of its members and the space between them.</summary>
internal static class SearchQuery
{
    /// <param name="search">Its name.</param>
    /// <param name="searched">The entity that is searched for: whatever it is called does not count.</param>
    /// <param name="entities">The request's.</param>
    public static string Of(string search, string searched, in RequestEntities entities)
    {
        var text = new StringBuilder(search);
        foreach (var (name, entity) in new[] { ("subject", entities.Subject), ("action", entities.Action), ("resource", entities.Resource), ("context", entities.Context) })
        {
            text.Append('\n').Append(name).Append(' ');
            if (entity is { } json)
            {
                Append(text, json, leaveOut: name == searched ? "id" : null);
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonElement json, string? leaveOut)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (var member in json.EnumerateObject().Where(member => member.Name != leaveOut).OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    text.Append(JsonEncodedText.Encode(member.Name)).Append(':');
                    Append(text, member.Value, leaveOut: null);
                    text.Append(',');
                }

                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (var item in json.EnumerateArray())
                {
                    Append(text, item, leaveOut: null);
                    text.Append(',');
                }

                text.Append(']');
                break;
            case JsonValueKind.String:
                text.Append('"').Append(JsonEncodedText.Encode(json.GetString()!)).Append('"');
                break;
            default:
                text.Append(json.GetRawText());
                break;
        }
    }
}
