using Pltfrms.Iam.Common.Http;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.Authorization;
using Pltfrms.Iam.Token.OAuth;
using Pltfrms.Iam.Token.Pages;
using Pltfrms.Iam.Token.Realms;

namespace Pltfrms.Iam.Token.Sessions;

/// <summary>
/// Tells who is logged in and where to see which applications have access, and ends a realm's session when its user says so on this page: a link or
/// a form of another site does not.
/// </summary>
public sealed class LogoutEndpoint(RealmSnapshots realms, LoginSessions sessions, BrowserCookies cookies, Issuers issuers)
{
    public async Task HandleAsync(HttpContext context)
    {
        var realm = await realms.GetAsync(OAuthRoutes.RealmOf(context), minRevision: 0, context.RequestAborted);
        if (HttpMethods.IsPost(context.Request.Method))
        {
            // With SameSite=Lax a form of another site brings no cookie, and so ends no session.
            if (cookies.Session(context, realm.RealmId) is { } cookie)
            {
                await sessions.EndAsync(realm.RealmId, cookie, context.RequestAborted);
                cookies.RemoveSession(context, realm.RealmId);
            }

            BrowserRedirect.To(context, issuers.BaseOf(context, realm.Realm) + BrowserAddresses.LogoutPath);
            return;
        }

        var session = await sessions.FindAsync(realm, cookies.Session(context, realm.RealmId), context.RequestAborted);
        var applications = issuers.BaseOf(context, realm.Realm) + BrowserAddresses.ApplicationsPath;
        await HtmlPage.WriteAsync(
            context,
            StatusCodes.Status200OK,
            "Log out",
            session is null
                ? Html.Of($"<p>Nobody is logged in.</p>")
                : Html.Of($"""
                <p>{realm.FindUser(session.UserId)?.DisplayName} is logged in.</p>
                <form method="post"><button type="submit">Log out</button></form>
                <p><a href="{applications}">Applications with access to your account</a></p>
                """));
    }
}
