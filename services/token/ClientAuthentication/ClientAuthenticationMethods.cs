using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.OAuth;

namespace Pltfrms.Iam.Token.ClientAuthentication;

/// <summary>The ways in which clients authenticate over HTTP.</summary>
public static class ClientAuthenticationMethods
{
    private static readonly ClientSecretBasic Basic = new();

    private static readonly IClientAuthenticationMethod[] All = [Basic, new ClientSecretPost(), new PrivateKeyJwt()];

    /// <summary>As metadata lists them (RFC 8414 section 2).</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(method => method.Name)];

    /// <summary>The credentials of a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="form">The body.</param>
    /// <exception cref="IamException">INVALID_CLIENT where there are none, INVALID_REQUEST where there are several.</exception>
    public static ClientCredentials Read(HttpContext context, OAuthForm form)
    {
        var authorization = AuthorizationHeader.Of(context.Request);
        IClientAuthenticationMethod? used = null;
        foreach (var method in All)
        {
            if (!method.IsUsedBy(authorization, form))
            {
                continue;
            }

            // RFC 6749 section 2.3: "The client MUST NOT use more than one authentication method in each request."
            used = used is null ? method : throw new IamException(ErrorReason.InvalidRequest, "The request uses more than one client authentication method.");
        }

        // A public client has nothing to prove itself with (RFC 6749 section 3.2.1); whether that will do is not decided here.
        if (used is null && authorization is null && form.Find(OAuthParameters.ClientId) is { } publicClientId)
        {
            return new ClientCredentials(publicClientId, "");
        }

        // An Authorization header of another scheme is an attempt to authenticate too (RFC 6749 section 5.2, invalid_client).
        if (used is null || (authorization is not null && !Basic.IsUsedBy(authorization, form)))
        {
            throw AuthenticateClient.Refused();
        }

        var credentials = used == Basic ? Basic.Read(context, authorization!) : used.Read(authorization, form);
        if (form.Find(OAuthParameters.ClientId) is { } clientId && clientId != credentials.ClientId)
        {
            throw new IamException(ErrorReason.InvalidRequest, "client_id is not the client that authenticates.");
        }

        return credentials;
    }
}
