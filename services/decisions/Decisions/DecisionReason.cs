namespace Pltfrms.Iam.Common.Decisions;

/// <summary>Why a decision is what it is; the contract's enum of the same name explains each value.</summary>
public enum DecisionReason
{
    Unspecified,
    Allowed,
    TokenInactive,
    AudienceMismatch,
    OrganizationMismatch,
    ScopeNotGranted,
    UnknownPermission,
    UnknownOrganization,
    UnknownPrincipal,
    PermissionNotAssigned,
    ConditionNotMet,
    ActorNotAllowed,
    SenderConstraintFailed,
    ResourceNotGranted = 14,
}
