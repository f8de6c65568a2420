using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.Authorization;
using Pltfrms.Iam.Token.OAuth;
using Pltfrms.Iam.Token.Sessions;

namespace Pltfrms.Iam.Token.Account;

/// <summary>Where users see which applications have access: logs in who is not, and goes on to the page at the consent service.</summary>
public sealed class ApplicationsEndpoint(RealmSnapshots realms, Authorizations authorizations, AuthorizationSteps steps, BrowserCookies cookies)
{
    public async Task HandleAsync(HttpContext context)
    {
        var realm = await realms.GetAsync(OAuthRoutes.RealmOf(context), minRevision: 0, context.RequestAborted);
        var request = ReadAuthorizationRequest.OfAccount(OAuthForm.ParseQuery(context.Request.QueryString.Value));
        var open = await authorizations.OpenAsync(
            realm.RealmId, request, cookies.RequireBrowser(context), pushedHash: null, context.RequestAborted);
        await steps.NextAsync(context, realm, open);
    }
}
