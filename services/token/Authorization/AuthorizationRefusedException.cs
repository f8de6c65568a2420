using Pltfrms.Iam.Common.Errors;

namespace Pltfrms.Iam.Token.Authorization;

/// <summary>A refusal that the client is told by redirect (RFC 6749 section 4.1.2.1). Any other is shown to the user.</summary>
/// <param name="target">Where the client is told.</param>
/// <param name="refusal">Why.</param>
public sealed class AuthorizationRefusedException(AuthorizationTarget target, IamException refusal) : Exception(refusal.Message, refusal)
{
    public AuthorizationTarget Target { get; } = target;

    public IamException Refusal { get; } = refusal;
}
