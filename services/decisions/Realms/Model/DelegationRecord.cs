namespace Pltfrms.Iam.Common.Realms.Model;

/// <summary>The right of one client or user to act for a user, within limits. It gives nothing that the user does not hold.</summary>
public sealed record DelegationRecord : IRealmResource
{
    /// <summary>The most that <see cref="MaxDepth"/> can be: with the delegate, no more than a realm's longest chain.</summary>
    public const int LargestDepth = 9;

    public required string RealmId { get; init; }

    public required string DelegationId { get; init; }

    /// <summary>The user who is acted for.</summary>
    public required string DelegatorId { get; init; }

    /// <summary>A user or a client, never a group.</summary>
    public required MemberType DelegateType { get; init; }

    public required string DelegateId { get; init; }

    /// <summary>What tokens from it have at the most, sorted; never empty.</summary>
    public required ValueList<string> Scopes { get; init; }

    /// <summary>Its tokens are tied to this organization or one below it; null: to any, or to none.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How many others may act one behind the other for the delegate.</summary>
    public int MaxDepth { get; init; }

    /// <summary>For people to read.</summary>
    public string Reason { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who made it, as in the audit trail.</summary>
    public string CreatedBy { get; init; } = "";

    /// <summary>Whether the delegator made it: it is then no part of the realm's document.</summary>
    public bool SelfGranted { get; init; }

    ResourceKind IRealmResource.Kind => ResourceKind.Delegation;

    string IRealmResource.Id => DelegationId;

    public bool IsExpiredAt(DateTimeOffset now) => ExpiresAt <= now;
}
