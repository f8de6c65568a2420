using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Pltfrms.Iam.Consent.Remote;

/// <summary>What JWS and JWE have in common: base64url parts and JSON headers, read without believing any of it.</summary>
internal static class Jose
{
    public const int MaxLength = 64 * 1024;

    /// <summary>The parts of a compact serialization; null where it has another number of them or is too long.</summary>
    public static string[]? Parts(string compact, int count) =>
        compact.Length <= MaxLength && compact.Count('.') == count - 1 ? compact.Split('.') : null;

    /// <summary>A protected header; null where it is malformed or asks for something that we do not do (RFC 7515 section 4.1.11).</summary>
    public static JsonElement? Header(string part) =>
        Decode(part) is { } bytes && Object(bytes) is { } header && !header.TryGetProperty("crit", out _) ? header : null;

    /// <summary>A JSON object without duplicate names (RFC 7515 section 4); null where it is none.</summary>
    public static JsonElement? Object(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 });
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a name that is not valid UTF-16.
            return null;
        }
    }

    /// <summary>A member that is text; null where it is missing or something else.</summary>
    public static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) ? Text(value) : null;

    public static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate, or bytes that are not UTF-8.
            return null;
        }
    }

    /// <summary>A member that is a time (RFC 7519 section 2, NumericDate); null where it is missing or something else.</summary>
    public static DateTimeOffset? Time(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds)
            && seconds is > 0 and < 253402300800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    /// <summary>Decodes base64url without padding; null where it is not.</summary>
    public static byte[]? Decode(string part)
    {
        try
        {
            return part.Contains('=', StringComparison.Ordinal) ? null : Base64Url.DecodeFromChars(part);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
