using System.Text.Json;

namespace Pltfrms.Iam.Token.AuthZen;

/// <summary>The entities of a request (section 5) as they were sent; null: not there.</summary>
internal readonly record struct RequestEntities(JsonElement? Subject, JsonElement? Action, JsonElement? Resource, JsonElement? Context)
{
    /// <exception cref="Common.Errors.IamException">INVALID_REQUEST where one is no object.</exception>
    public static RequestEntities Of(JsonElement json) => new(
        JsonMembers.Object(json, "subject", ""),
        JsonMembers.Object(json, "action", ""),
        JsonMembers.Object(json, "resource", ""),
        JsonMembers.Object(json, "context", ""));

    /// <summary>Section 7.1.1: what is not there is as the request has it for all, and what is there replaces that as a whole.</summary>
    public RequestEntities Or(in RequestEntities defaults) => new(
        Subject ?? defaults.Subject, Action ?? defaults.Action, Resource ?? defaults.Resource, Context ?? defaults.Context);
}
