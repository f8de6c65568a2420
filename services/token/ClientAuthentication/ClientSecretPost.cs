using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.OAuth;

namespace Pltfrms.Iam.Token.ClientAuthentication;

/// <summary>RFC 6749 section 2.3.1: the credentials as parameters of the body.</summary>
public sealed class ClientSecretPost : IClientAuthenticationMethod
{
    public string Name => TokenEndpointAuthMethods.ClientSecretPost;

    public bool IsUsedBy(string? authorization, OAuthForm form) => form.Find(OAuthParameters.ClientSecret) is not null;

    public ClientCredentials Read(string? authorization, OAuthForm form) =>
        form.Find(OAuthParameters.ClientId) is { } clientId
            ? new ClientCredentials(clientId, form.Find(OAuthParameters.ClientSecret)!) { SecretMethod = Name }
            : throw AuthenticateClient.Refused();
}
