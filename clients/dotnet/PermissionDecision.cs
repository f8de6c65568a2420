namespace Pltfrms.Iam.Client;

/// <summary>One answer.</summary>
public sealed record PermissionDecision
{
    /// <summary>Whether the action is allowed.</summary>
    public required bool Allowed { get; init; }

    /// <summary>Why.</summary>
    public required DecisionReason Reason { get; init; }

    /// <summary>The realm revision that the decision was made at.</summary>
    public required long Revision { get; init; }

    /// <summary>
    /// When the answer was asked for: in the cached mode that may be <see cref="IamClientOptions.CacheFor"/> ago. In the local mode when it was decided
    /// first at its revision; that nothing has changed since was known within <see cref="IamClientOptions.FeedStaleAfter"/>.
    /// </summary>
    public DateTimeOffset AnsweredAt { get; init; }

    /// <summary>What made it so, where it was asked for.</summary>
    public DecisionTrace? Trace { get; init; }
}

/// <summary>Which facts led to a decision; for a denial as far as the evaluation came.</summary>
public sealed record DecisionTrace
{
    /// <summary>The granted scope that covers the permission; null without a token or where none does.</summary>
    public string? Scope { get; init; }

    /// <summary>The role binding that gives the permission; null where none does.</summary>
    public string? RoleBindingId { get; init; }

    /// <summary>The groups from the one that the user is a member of to the one that is bound; empty for a direct binding.</summary>
    public IReadOnlyList<string> GroupIds { get; init; } = [];

    /// <summary>The roles from the bound one to the one that has the permission.</summary>
    public IReadOnlyList<string> RoleIds { get; init; } = [];

    /// <summary>The organization that the role is bound in; null: the realm.</summary>
    public string? BindingOrganizationId { get; init; }

    /// <summary>The organization that was decided in; null: the realm itself.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>What the evaluation found, one plain sentence a step.</summary>
    public IReadOnlyList<string> Steps { get; init; } = [];
}
