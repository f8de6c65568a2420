using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Authorization;
using Pltfrms.Iam.Token.ClientAuthentication;
using Pltfrms.Iam.Token.Realms;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>RFC 9126: a client sends its authorization request from server to server, and a browser only the name of it.</summary>
public sealed class PushedAuthorizationEndpoint(RealmSnapshots realms, AuthenticateClient authentication, PushedRequests pushed, Issuers issuers)
{
    public async Task HandleAsync(HttpContext context)
    {
        var form = await FormReader.ReadAsync(context.Request, mayRepeat: true, context.RequestAborted);
        var credentials = ClientAuthenticationMethods.Read(AuthorizationHeader.Of(context.Request), form);
        var realm = await realms.GetAsync(OAuthRoutes.RealmOf(context), minRevision: 0, context.RequestAborted);
        var client = authentication.Authenticate(realm, credentials, allowPublic: true);
        if (form.Find(OAuthParameters.RequestUri) is not null)
        {
            throw new IamException(ErrorReason.InvalidRequest, "A pushed request must not have a request_uri (RFC 9126 section 2.1).");
        }

        var (_, target) = ReadAuthorizationRequest.Target(realm, issuers.Of(realm.Realm), form);
        var uri = await pushed.AddAsync(realm.RealmId, ReadAuthorizationRequest.Request(realm, client, target, form), context.RequestAborted);

        OAuthJson.NoStore(context.Response);
        context.Response.StatusCode = StatusCodes.Status201Created;
        await OAuthJson.WriteAsync(context, uri, static (writer, uri) =>
        {
            writer.WriteString("request_uri", uri);
            writer.WriteNumber("expires_in", (long)PushedRequests.Lifetime.TotalSeconds);
        });
    }
}
