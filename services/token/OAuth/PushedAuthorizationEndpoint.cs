using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.Authorization;
using Pltfrms.Iam.Token.ClientAuthentication;
using Pltfrms.Iam.Token.Dpop;
using Pltfrms.Iam.Token.SenderConstraints;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>RFC 9126: a client sends its authorization request from server to server, and a browser only the name of it.</summary>
public sealed class PushedAuthorizationEndpoint(
    RealmSnapshots realms, AuthenticateRequest authentication, ConfirmSender senders, AuthorizationRequests requests)
{
    public async Task HandleAsync(HttpContext context)
    {
        var form = await FormReader.ReadAsync(context.Request, mayRepeat: true, context.RequestAborted);
        var realm = await realms.GetAsync(OAuthRoutes.RealmOf(context), minRevision: 0, context.RequestAborted);
        var client = await authentication.AuthenticateAsync(context, realm, form, allowPublic: true);
        var sender = RequestSender.Of(context, certificateThumbprint: null);
        var thumbprint = await senders.ThumbprintAsync(realm, client, sender, EndpointPaths.PushedAuthorization, context.RequestAborted);
        var uri = await requests.PushAsync(realm, client, form, thumbprint, context.RequestAborted);

        OAuthJson.NoStore(context.Response);
        if (senders.NextNonce(realm, sender) is { } nonce)
        {
            context.Response.Headers[DpopHeader.Nonce] = nonce;
        }

        context.Response.StatusCode = StatusCodes.Status201Created;
        await OAuthJson.WriteAsync(context, uri, static (writer, uri) =>
        {
            writer.WriteString("request_uri", uri);
            writer.WriteNumber("expires_in", (long)PushedRequests.Lifetime.TotalSeconds);
        });
    }
}
