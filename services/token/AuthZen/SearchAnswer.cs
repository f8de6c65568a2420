using System.Text.Json;
using Pltfrms.Iam.Token.OAuth;

namespace Pltfrms.Iam.Token.AuthZen;

/// <summary>A search's answer (section 8.3), the page first.</summary>
internal static class SearchAnswer
{
    /// <param name="context">The request.</param>
    /// <param name="results">What was found.</param>
    /// <param name="type">Of the entities; null: actions, which have none.</param>
    public static Task WriteAsync(HttpContext context, SearchResults results, string? type)
    {
        OAuthJson.NoStore(context.Response);
        return OAuthJson.WriteAsync(context, (Results: results, Type: type), static (writer, of) =>
        {
            writer.WriteStartObject("page");
            writer.WriteString("next_token", of.Results.NextToken);
            writer.WriteNumber("count", of.Results.Found.Count);
            writer.WriteEndObject();
            writer.WriteStartArray("results");
            foreach (var found in of.Results.Found)
            {
                WriteEntity(writer, of.Type, found);
            }

            writer.WriteEndArray();
        });
    }

    private static void WriteEntity(Utf8JsonWriter writer, string? type, string found)
    {
        writer.WriteStartObject();
        if (type is null)
        {
            writer.WriteString("name", found);
        }
        else
        {
            writer.WriteString("type", type);
            writer.WriteString("id", found);
        }

        writer.WriteEndObject();
    }
}
