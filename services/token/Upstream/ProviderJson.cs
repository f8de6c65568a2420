using System.Text.Json;

namespace Pltfrms.Iam.Token.Upstream;

/// <summary>Reads what providers send without believing any of it.</summary>
internal static class ProviderJson
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <param name="what">What it should be, for the message.</param>
    /// <param name="json">As sent.</param>
    /// <exception cref="ProviderException">It is no JSON object, or says something twice.</exception>
    public static JsonElement Object(string what, ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document.RootElement.Clone();
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a name that is not valid UTF-16.
            throw new ProviderException($"{what} is no JSON object", exception);
        }

        throw new ProviderException($"{what} is no JSON object");
    }

    /// <summary>A member that is text; null where it is missing or something else.</summary>
    public static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? Text(value) : null;

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

    /// <summary>One text, or a list of them; what is none is left out.</summary>
    public static IReadOnlyList<string> Texts(JsonElement json, string name, int most)
    {
        if (!json.TryGetProperty(name, out var value))
        {
            return [];
        }

        IEnumerable<JsonElement> items = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Take(most) : [value];
        return [.. items.Select(Text).OfType<string>()];
    }

    /// <summary>A member that is a time (RFC 7519 section 2, NumericDate); null where it is missing or something else.</summary>
    public static DateTimeOffset? Time(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds)
            && seconds is > 0 and < 253402300800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
