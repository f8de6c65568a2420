namespace Pltfrms.Iam.Common.Realms.Model;

/// <summary>A scope that bundles permissions. Every permission is a scope of its own name besides; those have no record.</summary>
public sealed record Scope : IRealmResource
{
    public required string RealmId { get; init; }

    /// <summary>Unique among the realm's scopes and permissions (RFC 6749 section 3.3).</summary>
    public required string Name { get; init; }

    public ValueList<string> Permissions { get; init; } = [];

    /// <summary>Ordered by language.</summary>
    public ValueList<ScopeText> Texts { get; init; } = [];

    ResourceKind IRealmResource.Kind => ResourceKind.Scope;

    string IRealmResource.Id => Name;
}
