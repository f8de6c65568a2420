using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.OAuth;
using Pltfrms.Iam.Token.Sessions;

namespace Pltfrms.Iam.Token.Upstream;

/// <summary>Takes the browser back from the realm's OpenID provider.</summary>
/// <remarks>
/// Each realm has an address of its own for it, so that no provider's response is taken for another's, and the request that <c>state</c> names
/// belongs to this browser's cookie, so that nobody is logged in by a response that somebody else got (RFC 9700 sections 4.4 and 4.7).
/// </remarks>
public sealed class UpstreamCallbackEndpoint(
    RealmSnapshots realms, BrowserCookies cookies, UpstreamStates states, UpstreamLogin login, UpstreamFlow flows)
{
    public async Task HandleAsync(HttpContext context)
    {
        var realm = await realms.GetAsync(OAuthRoutes.RealmOf(context), minRevision: 0, context.RequestAborted);
        if (realm.Realm.LoginSettings.Upstream is not { } upstream)
        {
            throw new IamException(ErrorReason.NotOffered, "The realm has no OpenID provider.");
        }

        var response = UpstreamResponse.Read(context.Request.Query);
        var found = await flows.FindAsync(realm.RealmId, UpstreamStates.HandleOf(response.State), cookies.Browser(context), context.RequestAborted);
        var (open, state) = await states.TakeAsync(found, upstream, response.State, context.RequestAborted);
        CompletedLogin completed;
        try
        {
            completed = await login.ExecuteAsync(open, upstream, response, state, context.RequestAborted);
        }
        catch (IamException refusal) when (IsForTheClient(refusal))
        {
            await flows.RefuseAsync(context, realm, open, refusal);
            return;
        }

        await flows.CompleteAsync(context, realm, open, completed);
    }

    private static bool IsForTheClient(IamException refusal) => refusal.Reason is ErrorReason.AccessDenied or ErrorReason.LoginRequired
        or ErrorReason.InteractionRequired or ErrorReason.UnmetAuthenticationRequirements or ErrorReason.ServiceUnavailable;
}
