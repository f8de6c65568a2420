using System.Text.Json;
using System.Text.Unicode;

namespace Pltfrms.Iam.Common.Jose;

/// <summary>JSON from outside that must be an object or an array: names are unique (RFC 7515 section 4), nesting is shallow, and all text can be read.</summary>
public static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>The object; null where it is not one.</summary>
    public static JsonElement? ReadObject(ReadOnlyMemory<byte> utf8) => Read(utf8, JsonValueKind.Object, Options);

    /// <summary>The same with other people's members in it, which may be nested deeper.</summary>
    public static JsonElement? ReadObject(ReadOnlyMemory<byte> utf8, int maxDepth) => Read(utf8, JsonValueKind.Object, Options with { MaxDepth = maxDepth });

    /// <summary>The array; null where it is not one.</summary>
    public static JsonElement? ReadArray(ReadOnlyMemory<byte> utf8) => Read(utf8, JsonValueKind.Array, Options);

    /// <summary>A member that is a text; null where there is none, or it is something else.</summary>
    public static string? TextOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A member that is a time in whole or fractional seconds (RFC 7519 section 2, NumericDate); null where there is none, or it is something else.</summary>
    public static DateTimeOffset? InstantOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds)
            && seconds is > 0 and < 253402300799
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;

    private static JsonElement? Read(ReadOnlyMemory<byte> utf8, JsonValueKind kind, JsonDocumentOptions options)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8, options);
            if (document.RootElement.ValueKind != kind)
            {
                return null;
            }

            if (!IsReadable(utf8.Span))
            {
                RequireReadable(document.RootElement);
            }

            return document.RootElement.Clone();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Whether nothing in it can fail when it is read: all of it is UTF-8, and nothing is escaped.</summary>
    private static bool IsReadable(ReadOnlySpan<byte> utf8) => !utf8.Contains((byte)'\\') && Utf8.IsValid(utf8);

    /// <remarks>The parser takes "\ud800", half of a character, and fails only when somebody reads it.</remarks>
    private static void RequireReadable(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in json.EnumerateObject())
                {
                    _ = member.Name;
                    RequireReadable(member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in json.EnumerateArray())
                {
                    RequireReadable(item);
                }

                break;
            case JsonValueKind.String:
                json.GetString();
                break;
        }
    }
}
