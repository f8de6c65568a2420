using System.Text.Json;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.Pages;

/// <summary>A JSON object's members.</summary>
internal sealed class JsonBody(JsonElement json)
{
    /// <summary>Text; empty: it is not there.</summary>
    /// <exception cref="IamException">INVALID_REQUEST: it is something else.</exception>
    public string Text(string name) => json.TryGetProperty(name, out var value) ? TextOf(name, value) : "";

    /// <summary>Null: it is not there.</summary>
    /// <exception cref="IamException">INVALID_REQUEST: it is something else.</exception>
    public bool? Flag(string name) => !json.TryGetProperty(name, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong(name, "true or false"),
    };

    /// <summary>An array of texts; empty: it is not there.</summary>
    /// <exception cref="IamException">INVALID_REQUEST: it is something else.</exception>
    public IReadOnlyList<string> Texts(string name)
    {
        if (!json.TryGetProperty(name, out var value))
        {
            return [];
        }

        return value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(item => TextOf(name, item))]
            : throw Wrong(name, "an array of texts");
    }

    private static string TextOf(string name, JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(name, "text");
        }
        catch (InvalidOperationException)
        {
            // Bytes that are not UTF-8, or half a surrogate pair.
            throw Wrong(name, "well-formed text");
        }
    }

    private static IamException Wrong(string name, string what) => new(ErrorReason.InvalidRequest, $"The member {name} must be {what}.");
}
