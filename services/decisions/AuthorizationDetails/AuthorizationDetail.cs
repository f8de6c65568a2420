using System.Text.Json;
using System.Text.Json.Serialization;
using Pltfrms.Iam.Common.Jose;

namespace Pltfrms.Iam.Common.AuthorizationDetails;

/// <summary>One object of <c>authorization_details</c> (RFC 9396 section 2). Two are equal where they say the same, however they are written.</summary>
[JsonConverter(typeof(AuthorizationDetailJsonConverter))]
public sealed class AuthorizationDetail : IEquatable<AuthorizationDetail>
{
    private const string ActionsMember = "actions";

    private AuthorizationDetail(JsonElement json, string type)
    {
        Json = json;
        Type = type;
        Identifier = StrictJson.TextOf(json, "identifier");
        Actions = json.TryGetProperty(ActionsMember, out var actions) && actions.ValueKind == JsonValueKind.Array
            ? actions.EnumerateArray().Where(action => action.ValueKind == JsonValueKind.String).Select(action => action.GetString()!).ToValueList()
            : [];
    }

    /// <summary>The whole object.</summary>
    public JsonElement Json { get; }

    public string Type { get; }

    /// <summary>The resource (RFC 9396 section 2.2); null: any of the type.</summary>
    public string? Identifier { get; }

    /// <summary>RFC 9396 section 2.2; empty: none.</summary>
    public ValueList<string> Actions { get; }

    /// <summary>Null where the value is no object with a type.</summary>
    public static AuthorizationDetail? Read(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && StrictJson.TextOf(json, "type") is { Length: > 0 } type ? new(json, type) : null;

    /// <summary>Whether it asks for no more: it says the same, but for actions that it leaves out.</summary>
    public bool IsWithin(AuthorizationDetail granted)
    {
        var members = Members(Json);
        return members.Count == Members(granted.Json).Count
            && members.All(member => granted.Json.TryGetProperty(member.Name, out var other)
                && (member.Name == ActionsMember && Actions.Count > 0 && granted.Actions.Count > 0
                    ? Actions.All(granted.Actions.Contains)
                    : JsonElement.DeepEquals(member.Value, other)));
    }

    public bool Equals(AuthorizationDetail? other) => other is not null && JsonElement.DeepEquals(Json, other.Json);

    public override bool Equals(object? obj) => Equals(obj as AuthorizationDetail);

    public override int GetHashCode() => HashCode.Combine(Type, Identifier);

    private static List<JsonProperty> Members(JsonElement json) => [.. json.EnumerateObject()];
}
