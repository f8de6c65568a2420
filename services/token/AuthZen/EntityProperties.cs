using System.Text.Json;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Token.AuthZen;

/// <summary>What the caller says of an action or a resource, as far as a permission can be declared for it: texts and booleans.</summary>
internal sealed class EntityProperties
{
    private const int MostProperties = 100;

    public static readonly EntityProperties None = new([]);

    private EntityProperties(IReadOnlyList<ResourceProperty> values) => Values = values;

    public IReadOnlyList<ResourceProperty> Values { get; }

    /// <exception cref="Common.Errors.IamException">INVALID_REQUEST.</exception>
    public static EntityProperties Read(JsonElement entity, string path)
    {
        if (JsonMembers.Object(entity, "properties", path) is not { } json || json.GetPropertyCount() == 0)
        {
            return None;
        }

        if (json.GetPropertyCount() > MostProperties)
        {
            throw RequestBody.Refused($"{path}properties must not have more than {MostProperties} members.");
        }

        List<ResourceProperty> values = [];
        foreach (var property in json.EnumerateObject())
        {
            if (TextOf(property.Value) is { } text)
            {
                values.Add(new(property.Name, text));
            }
        }

        return new(values);
    }

    private static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };
}
