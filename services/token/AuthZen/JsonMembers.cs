using System.Text.Json;

namespace Pltfrms.Iam.Token.AuthZen;

/// <summary>Members of a request's objects. One that is null is one that is not there (section 11.6); one of another kind than it should be is refused.</summary>
internal static class JsonMembers
{
    public static JsonElement? Object(JsonElement json, string name, string path) => Find(json, name, path, JsonValueKind.Object, "an object");

    public static JsonElement? Array(JsonElement json, string name, string path) => Find(json, name, path, JsonValueKind.Array, "an array");

    /// <summary>A text; null where it is not there, or is empty.</summary>
    public static string? Text(JsonElement? json, string name, string path) =>
        json is { } there && Find(there, name, path, JsonValueKind.String, "a string")?.GetString() is { Length: > 0 } text ? text : null;

    /// <exception cref="Common.Errors.IamException">INVALID_REQUEST.</exception>
    public static string RequiredText(JsonElement json, string name, string path) => Text(json, name, path) ?? throw Missing(name, path);

    public static bool Flag(JsonElement json, string name, string path) => json.TryGetProperty(name, out var value) && value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False or JsonValueKind.Null => false,
        _ => throw RequestBody.Refused($"{path}{name} must be a boolean."),
    };

    public static Common.Errors.IamException Missing(string name, string path) => RequestBody.Refused($"{path}{name} is missing.");

    private static JsonElement? Find(JsonElement json, string name, string path, JsonValueKind kind, string word) =>
        !json.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == kind ? value
        : throw RequestBody.Refused($"{path}{name} must be {word}.");
}
