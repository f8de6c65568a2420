using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Realms.Mapping;

/// <summary>The names of <see cref="ClientType"/> in scope conditions and documents.</summary>
public static class ClientTypeNames
{
    public static string ToName(this ClientType type) => type switch
    {
        ClientType.Web => "web",
        ClientType.Service => "service",
        ClientType.Public => "public",
        ClientType.External => "external",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no name"),
    };

    /// <exception cref="InvalidDataException">No client type has this name.</exception>
    public static ClientType Parse(string name) => name switch
    {
        "web" => ClientType.Web,
        "service" => ClientType.Service,
        "public" => ClientType.Public,
        "external" => ClientType.External,
        _ => throw new InvalidDataException($"No client type is named '{name}'."),
    };
}
