using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.OAuth;
using Pltfrms.Iam.Token.Pages;
using Pltfrms.Iam.Token.Sessions;

namespace Pltfrms.Iam.Token.Authorization;

/// <summary>Takes the form of <see cref="OrganizationPage"/>.</summary>
public sealed class OrganizationEndpoint(RealmSnapshots realms, Authorizations authorizations, AuthorizationSteps steps, BrowserCookies cookies)
{
    public async Task HandleAsync(HttpContext context)
    {
        var realm = await realms.GetAsync(OAuthRoutes.RealmOf(context), minRevision: 0, context.RequestAborted);
        var form = await FormReader.ReadAsync(context.Request, context.RequestAborted);
        var open = await authorizations.FindAsync(
            realm.RealmId, form.Find(OAuthParameters.Request), cookies.Browser(context), context.RequestAborted);
        var flow = await steps.ContextAsync(context, realm, open);
        var chosen = form.Find(OAuthParameters.Organization);
        if (flow.Session is not { } session || chosen is null || !OrganizationChoice.Of(flow, session).Contains(chosen))
        {
            throw Authorizations.Gone();
        }

        await authorizations.SaveAsync(open, flow.Pending.Progress with { OrganizationId = chosen }, context.RequestAborted);
        BrowserRedirect.To(context, BrowserAddresses.Resume(flow.BaseAddress, open.Handle));
    }
}
