using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.Delegations;

/// <summary>What came of the change that the user has just made.</summary>
internal enum DelegationStatus
{
    Changed,
    Exceeds,
    Unknown,
    Incomplete,
    TooMany,
}

/// <summary>How a refusal is said on the page, and travels there.</summary>
internal static class DelegationStatuses
{
    /// <summary>Null: nothing that the user could put right on the page.</summary>
    public static DelegationStatus? Of(ErrorReason reason) => reason switch
    {
        ErrorReason.GrantExceedsOwn => DelegationStatus.Exceeds,
        ErrorReason.DanglingReference or ErrorReason.ResourceNotFound => DelegationStatus.Unknown,
        ErrorReason.InvalidArgument or ErrorReason.InvalidName or ErrorReason.TextTooLong => DelegationStatus.Incomplete,
        ErrorReason.TooManyDelegations => DelegationStatus.TooMany,
        _ => null,
    };

    public static string NameOf(DelegationStatus status) => status switch
    {
        DelegationStatus.Exceeds => "exceeds",
        DelegationStatus.Unknown => "unknown",
        DelegationStatus.TooMany => "too_many",
        _ => "incomplete",
    };

    public static DelegationStatus? Parse(string name) => name switch
    {
        "exceeds" => DelegationStatus.Exceeds,
        "unknown" => DelegationStatus.Unknown,
        "too_many" => DelegationStatus.TooMany,
        "incomplete" => DelegationStatus.Incomplete,
        _ => null,
    };
}
