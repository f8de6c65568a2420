using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Token.OAuth;

namespace Pltfrms.Iam.Token.Authorization;

/// <summary>What the client is told (RFC 6749 sections 4.1.2 and 4.1.2.1), always with <c>iss</c> (RFC 9207).</summary>
/// <param name="Target">Where.</param>
/// <param name="Parameters">What, in order.</param>
public sealed record AuthorizationAnswer(AuthorizationTarget Target, IReadOnlyList<KeyValuePair<string, string>> Parameters)
{
    public static AuthorizationAnswer Code(AuthorizationTarget target, string code) =>
        Of(target, [new(OAuthParameters.Code, code)]);

    public static AuthorizationAnswer Refusal(AuthorizationTarget target, IamException refusal) =>
        Of(target, [new("error", WireError.For(refusal.Reason).OAuthError), new("error_description", refusal.Message)]);

    private static AuthorizationAnswer Of(AuthorizationTarget target, List<KeyValuePair<string, string>> parameters)
    {
        if (target.State is not null)
        {
            parameters.Add(new(OAuthParameters.State, target.State));
        }

        parameters.Add(new("iss", target.Issuer));
        return new AuthorizationAnswer(target, parameters);
    }
}
