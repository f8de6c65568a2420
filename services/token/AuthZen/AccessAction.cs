using System.Text.Json;

namespace Pltfrms.Iam.Token.AuthZen;

/// <summary>What somebody wants to do (section 5.3).</summary>
internal sealed record AccessAction(string Name, EntityProperties Properties)
{
    private const string Path = "action.";

    /// <exception cref="Common.Errors.IamException">INVALID_REQUEST.</exception>
    public static AccessAction Read(JsonElement json) => new(JsonMembers.RequiredText(json, "name", Path), EntityProperties.Read(json, Path));
}
