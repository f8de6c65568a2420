namespace Pltfrms.Iam.Common.Realms.Model;

/// <summary>A human, known by an OpenID provider.</summary>
public sealed record User : IRealmResource
{
    public required string RealmId { get; init; }

    public required string UserId { get; init; }

    public string DisplayName { get; init; } = "";

    /// <summary>Nothing is allowed to a disabled user, and none of its tokens is active.</summary>
    public bool Disabled { get; init; }

    /// <summary>Ordered.</summary>
    public ValueList<string> OrganizationIds { get; init; } = [];

    /// <summary>The groups it is a direct member of. Ordered.</summary>
    public ValueList<string> GroupIds { get; init; } = [];

    /// <summary>Ordered by issuer and subject.</summary>
    public ValueList<ExternalIdentity> ExternalIdentities { get; init; } = [];

    ResourceKind IRealmResource.Kind => ResourceKind.User;

    string IRealmResource.Id => UserId;
}

/// <summary>A user's account at an OpenID provider.</summary>
public sealed record ExternalIdentity
{
    public required string Issuer { get; init; }

    public required string Subject { get; init; }
}
