namespace Pltfrms.Iam.Client;

/// <summary>Why a decision is what it is.</summary>
public enum DecisionReason
{
    /// <summary>A reason that this version of the library does not know.</summary>
    Unknown = 0,

    /// <summary>Every condition of the decision holds.</summary>
    Allowed = 1,

    /// <summary>The token is malformed, expired, revoked or of another realm, or its client or user is disabled.</summary>
    TokenInactive = 2,

    /// <summary>The token is not for the resource server that asks.</summary>
    AudienceMismatch = 3,

    /// <summary>The organization acted in is neither the token's nor below it.</summary>
    OrganizationMismatch = 4,

    /// <summary>None of the token's scopes covers the permission.</summary>
    ScopeNotGranted = 5,

    /// <summary>No resource server of the realm declares the permission, or not the one that asks.</summary>
    UnknownPermission = 6,

    /// <summary>The realm has no such organization, or it is disabled.</summary>
    UnknownOrganization = 7,

    /// <summary>The realm has no such user or client, or it is disabled.</summary>
    UnknownPrincipal = 8,

    /// <summary>No role that the principal holds in this context has the permission.</summary>
    PermissionNotAssigned = 9,

    /// <summary>A role would give the permission, but a condition of its binding is not met.</summary>
    ConditionNotMet = 10,

    /// <summary>Somebody who acts for the subject may not do this.</summary>
    ActorNotAllowed = 11,

    /// <summary>The token is bound to a key, and who presented it was not shown to have it.</summary>
    SenderConstraintFailed = 12,

    /// <summary>No scope of the token covers the permission, and its authorization details do not allow it on this resource.</summary>
    ResourceNotGranted = 14,
}
