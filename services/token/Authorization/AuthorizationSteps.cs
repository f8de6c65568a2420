using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.OAuth;
using Pltfrms.Iam.Token.Realms;
using Pltfrms.Iam.Token.Sessions;

namespace Pltfrms.Iam.Token.Authorization;

/// <summary>Takes a browser's request one step further and shows the result.</summary>
public sealed class AuthorizationSteps(AuthorizationFlow flow, LoginSessions sessions, BrowserCookies cookies, FlowWriter writer, Issuers issuers)
{
    public async Task NextAsync(HttpContext context, RealmSnapshot realm, OpenAuthorization open)
    {
        var state = await ContextAsync(context, realm, open);
        await writer.WriteAsync(context, state, await flow.NextAsync(state, context.RequestAborted));
    }

    public async Task ConsentedAsync(HttpContext context, RealmSnapshot realm, OpenAuthorization open, string challenge)
    {
        var state = await ContextAsync(context, realm, open);
        await writer.WriteAsync(context, state, await flow.ConsentedAsync(state, challenge, context.RequestAborted));
    }

    public async Task VisitedAsync(HttpContext context, RealmSnapshot realm, OpenAuthorization open, string visit)
    {
        var state = await ContextAsync(context, realm, open);
        await writer.WriteAsync(context, state, await flow.VisitedAsync(state, visit, context.RequestAborted));
    }

    public async Task<FlowContext> ContextAsync(HttpContext context, RealmSnapshot realm, OpenAuthorization open) => new()
    {
        Realm = realm,
        Open = open,
        Session = await sessions.FindAsync(realm, cookies.Session(context, realm.RealmId), context.RequestAborted),
        SourceAddress = SourceAddress.Of(context),
        Issuer = issuers.Of(realm.Realm),
        BaseAddress = issuers.BaseOf(context, realm.Realm),
    };
}
