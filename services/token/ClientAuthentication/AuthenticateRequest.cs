using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.MutualTls;
using Pltfrms.Iam.Token.OAuth;

namespace Pltfrms.Iam.Token.ClientAuthentication;

/// <summary>Finds the client that a request over HTTP comes from, by all that the request presents.</summary>
public sealed class AuthenticateRequest(AuthenticateClient clients, ClientCertificates certificates)
{
    /// <exception cref="Common.Errors.IamException">INVALID_CLIENT where there is nothing, INVALID_REQUEST where there are several things.</exception>
    public ClientCredentials Read(HttpContext context, OAuthForm form) =>
        ClientAuthenticationMethods.Read(context, form) with { Certificate = certificates.Of(context) };

    /// <param name="context">The request.</param>
    /// <param name="realm">The realm.</param>
    /// <param name="form">The request's body.</param>
    /// <param name="allowPublic">Whether a public client may say who it is without proof.</param>
    /// <exception cref="Common.Errors.IamException">INVALID_CLIENT, INVALID_REQUEST; STORAGE_UNAVAILABLE for an assertion.</exception>
    public ValueTask<Client> AuthenticateAsync(HttpContext context, RealmSnapshot realm, OAuthForm form, bool allowPublic) =>
        clients.AuthenticateAsync(realm, Read(context, form), allowPublic, context.RequestAborted);
}
