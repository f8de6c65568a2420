using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.OAuth;
using Pltfrms.Iam.Token.Pages;
using Pltfrms.Iam.Token.Permissions;
using Pltfrms.Iam.Token.Sessions;

namespace Pltfrms.Iam.Token.Conformance;

/// <summary>The report as a page, for a user who is logged in to the realm and may read its configuration.</summary>
public sealed class ConformanceEndpoint(
    RealmSnapshots realms, ReportConformance report, LoginSessions sessions, BrowserCookies cookies, CheckPermission check)
{
    public const string Path = "/account/conformance";

    public async Task HandleAsync(HttpContext context)
    {
        var realm = await realms.GetAsync(OAuthRoutes.RealmOf(context), minRevision: 0, context.RequestAborted);
        await RequireReaderAsync(context, realm);
        var found = await report.ExecuteAsync(realm.RealmId, realm.Revision, context.RequestAborted);
        OAuthJson.NoStore(context.Response);
        await HtmlPage.WriteAsync(context, StatusCodes.Status200OK, $"Conformance of {realm.RealmId}", ConformancePage.Body(found));
    }

    private async Task RequireReaderAsync(HttpContext context, RealmSnapshot realm)
    {
        if (await sessions.FindAsync(realm, cookies.Session(context, realm.RealmId), context.RequestAborted) is not { } session)
        {
            throw new IamException(ErrorReason.LoginRequired, "Log in to the realm first: its page of applications with access asks for it.");
        }

        var question = new PermissionQuestion
        {
            Subject = new CheckSubject(null, Principal.User(session.UserId)),
            Permission = IamPermissions.RealmsRead,
            Context = new CheckContext { Audience = IamPermissions.Audience, SourceAddress = SourceAddress.Of(context), Acr = session.Acr.Length > 0 ? session.Acr : null },
        };
        if (!(await check.DecideAsync(realm, question, call: null, context.RequestAborted)).Allowed)
        {
            throw LocalAccessTokenAuthorizer.Denied(IamPermissions.RealmsRead, realm.RealmId);
        }
    }
}
