using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.OAuth;
using Pltfrms.Iam.Token.Pages;
using Pltfrms.Iam.Token.Realms;
using Pltfrms.Iam.Token.Sessions;

namespace Pltfrms.Iam.Token.Authorization;

/// <summary>RFC 6749 section 3.1.</summary>
public sealed class AuthorizeEndpoint(
    RealmSnapshots realms, AuthorizationRequests requests, Authorizations authorizations, AuthorizationSteps steps, BrowserCookies cookies, Issuers issuers)
{
    public async Task HandleAsync(HttpContext context)
    {
        var realm = await realms.GetAsync(OAuthRoutes.RealmOf(context), minRevision: 0, context.RequestAborted);
        if (HttpMethods.IsPost(context.Request.Method))
        {
            await KeepAsync(context, realm);
            return;
        }

        var parameters = OAuthForm.ParseQuery(context.Request.QueryString.Value);
        var (request, pushedHash) = await requests.ReadAsync(realm, parameters, context.RequestAborted);
        var open = await authorizations.OpenAsync(realm.RealmId, request, cookies.RequireBrowser(context), pushedHash, context.RequestAborted);
        await steps.NextAsync(context, realm, open);
    }

    /// <summary>A browser does not send our cookies with a form of another site, so the request is kept until it comes with a GET.</summary>
    private async Task KeepAsync(HttpContext context, RealmSnapshot realm)
    {
        var parameters = await FormReader.ReadAsync(context.Request, mayRepeat: true, context.RequestAborted);
        var (clientId, uri) = await requests.KeepAsync(realm, parameters, context.RequestAborted);
        BrowserRedirect.To(
            context,
            $"{issuers.BaseOf(context, realm.Realm)}{BrowserAddresses.AuthorizePath}?client_id={Uri.EscapeDataString(clientId)}&request_uri={Uri.EscapeDataString(uri)}");
    }
}
