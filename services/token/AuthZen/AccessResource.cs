using System.Text.Json;

namespace Pltfrms.Iam.Token.AuthZen;

/// <summary>What somebody wants to act on (section 5.2).</summary>
internal sealed record AccessResource(string Type, string Id, EntityProperties Properties)
{
    private const string Path = "resource.";

    /// <exception cref="Common.Errors.IamException">INVALID_REQUEST.</exception>
    public static AccessResource Read(JsonElement json) =>
        new(TypeOf(json), JsonMembers.RequiredText(json, "id", Path), EntityProperties.Read(json, Path));

    /// <summary>What is searched for: whatever it is called (section 8.5.1).</summary>
    /// <exception cref="Common.Errors.IamException">INVALID_REQUEST.</exception>
    public static AccessResource ReadSearched(JsonElement json) => new(TypeOf(json), "", EntityProperties.Read(json, Path));

    private static string TypeOf(JsonElement json) => JsonMembers.RequiredText(json, "type", Path);
}
