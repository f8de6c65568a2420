using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.Assertions;

/// <summary>RFC 7521 section 4.1.1: "If an assertion is not valid or has expired, [...] the value of the error parameter MUST be the invalid_grant error code".</summary>
internal static class AssertionRefused
{
    public static IamException Because(string why) => new(ErrorReason.InvalidGrant, why);
}
