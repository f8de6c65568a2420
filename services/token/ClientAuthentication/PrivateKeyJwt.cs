using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.OAuth;

namespace Pltfrms.Iam.Token.ClientAuthentication;

/// <summary>RFC 7523 section 2.2: a JWT that the client signed, as a parameter of the body.</summary>
public sealed class PrivateKeyJwt : IClientAuthenticationMethod
{
    private const int MaxLength = 16 * 1024;
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    public string Name => TokenEndpointAuthMethods.PrivateKeyJwt;

    public bool IsUsedBy(string? authorization, OAuthForm form) =>
        form.Find(OAuthParameters.ClientAssertion) is not null || form.Find(OAuthParameters.ClientAssertionType) is not null;

    public ClientCredentials Read(string? authorization, OAuthForm form) =>
        form.Find(OAuthParameters.ClientAssertionType) == AssertionType && form.Find(OAuthParameters.ClientAssertion) is { } assertion
            ? Read(clientId: "", assertion)
            : throw AuthenticateClient.Refused();

    /// <param name="clientId">Who the caller says that it is; empty: the assertion says it.</param>
    /// <param name="assertion">The JWT.</param>
    /// <exception cref="Common.Errors.IamException">INVALID_CLIENT.</exception>
    public static ClientCredentials Read(string clientId, string assertion) =>
        assertion.Length <= MaxLength
        && SignedJwt.Parse(assertion) is { } jwt
        && StrictJson.TextOf(jwt.Claims, "sub") is { Length: > 0 } subject
        && (clientId.Length == 0 || clientId == subject)
            ? new ClientCredentials(subject, "") { Assertion = jwt }
            : throw AuthenticateClient.Refused();
}
