namespace Pltfrms.Iam.Common.Realms.Model;

/// <summary>An API that accepts the realm's tokens, and the permissions that it declares.</summary>
public sealed record ResourceServer : IRealmResource
{
    public required string RealmId { get; init; }

    /// <summary>An absolute URI (RFC 8707 section 2).</summary>
    public required string Audience { get; init; }

    public string DisplayName { get; init; } = "";

    /// <summary>The client that acts for it; null: none.</summary>
    public string? ClientId { get; init; }

    /// <summary>Ordered by name.</summary>
    public ValueList<Permission> Permissions { get; init; } = [];

    ResourceKind IRealmResource.Kind => ResourceKind.ResourceServer;

    string IRealmResource.Id => Audience;
}

/// <summary>An atomic right, <c>noun.verb</c>; unique in the realm, and a requestable scope of the same name.</summary>
public sealed record Permission
{
    public required string Name { get; init; }

    /// <summary>Ordered by language.</summary>
    public ValueList<ScopeText> Texts { get; init; } = [];
}

/// <summary>What a user reads about a scope, in one language.</summary>
public sealed record ScopeText
{
    /// <summary>A language tag (RFC 5646).</summary>
    public required string Language { get; init; }

    public required string Title { get; init; }

    public string Description { get; init; } = "";
}
