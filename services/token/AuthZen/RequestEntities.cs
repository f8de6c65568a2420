using System.Text.Json;

namespace Pltfrms.Iam.Token.AuthZen;

/// <summary>The entities of a request (section 5) as they were sent; null: not there.</summary>
internal readonly record struct RequestEntities(JsonElement? Subject, JsonElement? Action, JsonElement? Resource, JsonElement? Context)
{
    /// <exception cref="Common.Errors.IamException">INVALID_REQUEST where one is no object.</exception>
    public static RequestEntities Of(JsonElement json) => WithoutAction(json) with { Action = JsonMembers.Object(json, "action", "") };

    /// <summary>Of a request that has no such member: one that is there all the same is not looked at.</summary>
    /// <exception cref="Common.Errors.IamException">INVALID_REQUEST where another is no object.</exception>
    public static RequestEntities WithoutAction(JsonElement json) => new(
        JsonMembers.Object(json, "subject", ""),
        Action: null,
        JsonMembers.Object(json, "resource", ""),
        JsonMembers.Object(json, "context", ""));
}
