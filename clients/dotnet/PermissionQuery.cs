namespace Pltfrms.Iam.Client;

/// <summary>Asks for every permission that a check with the same subject and context would allow.</summary>
public sealed record PermissionQuery
{
    /// <summary>Who wants to act.</summary>
    public required PermissionSubject Subject { get; init; }

    /// <summary>The organization acted in; null: the token's organization, else the realm itself.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>Only permissions that this resource server declares; null: all.</summary>
    public string? Audience { get; init; }

    /// <summary>The realm revision that the answer must reflect; 0: at most 2 s old.</summary>
    public long MinRevision { get; init; }

    /// <summary>
    /// Whether this application has verified that whoever presents the access token has the key that it is bound to
    /// (<see cref="Introspection.Confirmation"/>). A token that is bound is denied without.
    /// </summary>
    public bool SenderConstraintVerified { get; init; }

    /// <summary>Facts that conditions of role bindings look at.</summary>
    public PermissionContext? Context { get; init; }
}

/// <summary>Every permission of a subject in a context.</summary>
public sealed record PermissionList
{
    /// <summary>The permissions, sorted.</summary>
    public required IReadOnlyList<string> Permissions { get; init; }

    /// <summary><see cref="DecisionReason.Allowed"/>, or why there is nothing to list.</summary>
    public required DecisionReason Reason { get; init; }

    /// <summary>The realm revision that the answer reflects.</summary>
    public required long Revision { get; init; }
}
