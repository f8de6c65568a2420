namespace Pltfrms.Iam.Common.Realms.Model;

/// <summary>A named set of permissions.</summary>
public sealed record Role : IRealmResource
{
    public required string RealmId { get; init; }

    public required string RoleId { get; init; }

    public string DisplayName { get; init; } = "";

    /// <summary>The resource server that it belongs to; null: the realm.</summary>
    public string? Audience { get; init; }

    public ValueList<string> Permissions { get; init; } = [];

    /// <summary>Roles whose permissions it has too; never a cycle.</summary>
    public ValueList<string> IncludedRoleIds { get; init; } = [];

    ResourceKind IRealmResource.Kind => ResourceKind.Role;

    string IRealmResource.Id => RoleId;
}
