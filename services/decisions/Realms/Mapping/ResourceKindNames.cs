using System.Collections.Frozen;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Realms.Mapping;

/// <summary>The names of <see cref="ResourceKind"/> on the wire and in columns: those of the members of <c>RealmResource.resource</c>.</summary>
public static class ResourceKindNames
{
    private static readonly string[] Names =
        ["realm", "client", "resource_server", "scope", "role", "group", "organization", "user", "role_binding", "delegation"];

    private static readonly FrozenDictionary<string, ResourceKind> Kinds =
        System.Enum.GetValues<ResourceKind>().ToFrozenDictionary(ToName, StringComparer.Ordinal);

    public static string ToName(this ResourceKind kind) => Names[(int)kind];

    /// <exception cref="InvalidDataException">No kind has this name.</exception>
    public static ResourceKind Parse(string name) =>
        Kinds.TryGetValue(name, out var kind) ? kind : throw new InvalidDataException($"No kind of resource is named '{name}'.");
}
