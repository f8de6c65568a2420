namespace Pltfrms.Iam.Common.Realms.Model;

/// <summary>Gives a role to a user, a client or a group, in the realm or in one organization and those below it.</summary>
public sealed record RoleBinding : IRealmResource
{
    public required string RealmId { get; init; }

    public required string RoleBindingId { get; init; }

    public required MemberType MemberType { get; init; }

    public required string MemberId { get; init; }

    public required string RoleId { get; init; }

    /// <summary>Null: the whole realm.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>Null: none.</summary>
    public RoleBindingConditions? Conditions { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    ResourceKind IRealmResource.Kind => ResourceKind.RoleBinding;

    string IRealmResource.Id => RoleBindingId;
}

public enum MemberType
{
    User,
    Client,
    Group,
}

/// <summary>All that are set must be met; a fact that is missing is not met.</summary>
public sealed record RoleBindingConditions
{
    /// <summary>From this time on.</summary>
    public DateTimeOffset? StartsAt { get; init; }

    /// <summary>Before this time.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>CIDR; empty: from anywhere.</summary>
    public ValueList<string> SourceNetworks { get; init; } = [];

    /// <summary>One of the realm's acr values; null: any.</summary>
    public string? MinAcr { get; init; }
}
