using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.Exchange;

/// <summary>The refusals of a token exchange that RFC 8693 section 2.2.2 calls <c>invalid_request</c>.</summary>
internal static class ExchangeRefused
{
    public static IamException Because(string why) => new(ErrorReason.ExchangeRefused, why);
}
