using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Permissions;

/// <summary>Whether a principal has a permission in a context, and through what.</summary>
public sealed record PermissionAssignment
{
    public required AssignmentOutcome Outcome { get; init; }

    /// <summary>The binding that gives the permission or, for <see cref="AssignmentOutcome.ConditionNotMet"/>, would; else null.</summary>
    public RoleBinding? Binding { get; init; }

    /// <summary>From the group that the user is a member of to the one that is bound; empty for a direct binding.</summary>
    public IReadOnlyList<string> GroupIds { get; init; } = [];

    /// <summary>From the bound role to the one that has the permission.</summary>
    public IReadOnlyList<string> RoleIds { get; init; } = [];
}

public enum AssignmentOutcome
{
    Assigned,
    NotAssigned,
    ConditionNotMet,
}
