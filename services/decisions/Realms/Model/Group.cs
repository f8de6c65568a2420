namespace Pltfrms.Iam.Common.Realms.Model;

/// <summary>A set of users. It holds roles through bindings, never permissions.</summary>
public sealed record Group : IRealmResource
{
    public required string RealmId { get; init; }

    public required string GroupId { get; init; }

    public string DisplayName { get; init; } = "";

    /// <summary>Its members are members of these too; never a cycle.</summary>
    public ValueList<string> ParentGroupIds { get; init; } = [];

    /// <summary>Null: the realm.</summary>
    public string? OwnerOrganizationId { get; init; }

    ResourceKind IRealmResource.Kind => ResourceKind.Group;

    string IRealmResource.Id => GroupId;
}
