using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.Login;
using Pltfrms.Iam.Token.OAuth;
using Pltfrms.Iam.Token.Sessions;

namespace Pltfrms.Iam.Token.Authorization;

/// <summary>Where a browser comes back to from the login, from the consent service, and on its way to the user's own pages.</summary>
public sealed class ResumeEndpoint(
    RealmSnapshots realms, Authorizations authorizations, AuthorizationSteps steps, CustomLogin login, BrowserCookies cookies)
{
    public async Task HandleAsync(HttpContext context)
    {
        var realm = await realms.GetAsync(OAuthRoutes.RealmOf(context), minRevision: 0, context.RequestAborted);
        var parameters = OAuthForm.ParseQuery(context.Request.QueryString.Value);
        var open = await authorizations.FindAsync(
            realm.RealmId, parameters.Find(OAuthParameters.Request), cookies.Browser(context), context.RequestAborted);
        if (parameters.Find(OAuthParameters.ConsentChallenge) is { } challenge)
        {
            await steps.ConsentedAsync(context, realm, open, challenge);
            return;
        }

        if (parameters.Find(OAuthParameters.AccountVisit) is { } visit)
        {
            await steps.VisitedAsync(context, realm, open, visit);
            return;
        }

        if (parameters.Find(OAuthParameters.LoginVerifier) is { } verifier)
        {
            await login.FinishAsync(context, await steps.ContextAsync(context, realm, open), verifier);
            return;
        }

        await steps.NextAsync(context, realm, open);
    }
}
