namespace Pltfrms.Iam.Client;

/// <summary>One question: may the subject do this, here?</summary>
public sealed record PermissionCheck
{
    /// <summary>Who wants to act.</summary>
    public required PermissionSubject Subject { get; init; }

    /// <summary>The permission, <c>noun.verb</c>.</summary>
    public required string Permission { get; init; }

    /// <summary>The organization acted in; null: the token's organization, else the realm itself.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>The resource server that asks; null: the one that declares the permission. A token must be for it.</summary>
    public string? Audience { get; init; }

    /// <summary>
    /// The realm revision that the decision must reflect, as an admin write returned it; 0: at most 2 s old.
    /// In a batch the batch's own counts.
    /// </summary>
    public long MinRevision { get; init; }

    /// <summary>Where the answer may come from; in a batch always from the token service.</summary>
    public IamMode Mode { get; init; }

    /// <summary>Whether the answer says which scope, binding, group and role made it so; such an answer is never a cached one.</summary>
    public bool IncludeTrace { get; init; }

    /// <summary>
    /// Whether this application has verified that whoever presents the access token has the key that it is bound to
    /// (<see cref="Introspection.Confirmation"/>). A token that is bound is denied without.
    /// </summary>
    public bool SenderConstraintVerified { get; init; }

    /// <summary>Facts that conditions of role bindings look at.</summary>
    public PermissionContext? Context { get; init; }
}
