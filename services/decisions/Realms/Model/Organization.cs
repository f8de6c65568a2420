namespace Pltfrms.Iam.Common.Realms.Model;

/// <summary>A context inside a realm; organizations form a tree.</summary>
public sealed record Organization : IRealmResource
{
    public required string RealmId { get; init; }

    public required string OrganizationId { get; init; }

    public string DisplayName { get; init; } = "";

    /// <summary>Null: at the top.</summary>
    public string? ParentOrganizationId { get; init; }

    /// <summary>Nothing is allowed in a disabled organization or below it.</summary>
    public bool Disabled { get; init; }

    ResourceKind IRealmResource.Kind => ResourceKind.Organization;

    string IRealmResource.Id => OrganizationId;
}
