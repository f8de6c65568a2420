using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Common.Errors;

/// <summary>An expected failure that a caller can act on. The set of reasons is closed; <see cref="WireError"/> maps each one.</summary>
/// <param name="reason">Why; decides the wire codes.</param>
/// <param name="message">For the caller, in plain words; never a secret, token, code or hash.</param>
/// <param name="inner">What caused it, for the log only.</param>
public sealed class IamException(ErrorReason reason, string message, Exception? inner = null) : Exception(message, inner)
{
    public ErrorReason Reason { get; } = reason;

    /// <summary>What the reason's comment in error_reason.proto lists; sent to the caller.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>The fields that are wrong, for INVALID_ARGUMENT and INVALID_REALM_DOCUMENT.</summary>
    public IReadOnlyList<FieldViolation> Violations { get; init; } = [];
}
