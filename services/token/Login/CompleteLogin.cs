using Pltfrms.Iam.Token.Authorization;
using Pltfrms.Iam.Token.Pages;
using Pltfrms.Iam.Token.Sessions;

namespace Pltfrms.Iam.Token.Login;

/// <summary>Starts the session of a user who has logged in, and sends the browser on with its request.</summary>
public sealed class CompleteLogin(Authorizations authorizations, LoginSessions sessions, BrowserCookies cookies)
{
    public async Task ExecuteAsync(HttpContext context, FlowContext flow, CompletedLogin login)
    {
        var realm = flow.Realm;
        var (session, cookie) = await sessions.StartAsync(realm, login, cookies.Session(context, realm.RealmId), context.RequestAborted);
        await authorizations.SaveAsync(flow.Open, flow.Pending.Progress with { SessionHash = session.SessionHash }, context.RequestAborted);
        cookies.SetSession(context, realm.RealmId, cookie);
        BrowserRedirect.To(context, BrowserAddresses.Resume(flow.BaseAddress, flow.Open.Handle));
    }
}
