using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Authorization;
using Pltfrms.Iam.Token.OAuth;
using Pltfrms.Iam.Token.Sessions;

namespace Pltfrms.Iam.Token.Login;

/// <summary>Takes the form of <see cref="DevelopmentLoginPage"/>.</summary>
/// <remarks>A form of another site cannot log its user in here: the request that it must name belongs to this browser's cookie.</remarks>
public sealed class LoginEndpoint(
    DevelopmentLogin login, RealmSnapshots realms, Authorizations authorizations, AuthorizationSteps steps, CompleteLogin complete, BrowserCookies cookies)
{
    public async Task HandleAsync(HttpContext context)
    {
        if (!login.IsOfferedTo(context))
        {
            throw new IamException(ErrorReason.NotOffered, "There is nothing at this address.");
        }

        var realm = await realms.GetAsync(OAuthRoutes.RealmOf(context), minRevision: 0, context.RequestAborted);
        if (realm.Realm.LoginSettings is not { Upstream: null, CustomLoginUri: null })
        {
            throw new IamException(ErrorReason.NotOffered, "The realm has a login of its own.");
        }

        var form = await FormReader.ReadAsync(context.Request, context.RequestAborted);
        var open = await authorizations.FindAsync(
            realm.RealmId, form.Find(OAuthParameters.Request), cookies.Browser(context), context.RequestAborted);
        var flow = await steps.ContextAsync(context, realm, open);
        if (DevelopmentLogin.LogIn(realm, open.Request, form.Find(OAuthParameters.UserName) ?? "") is not { } completed)
        {
            await DevelopmentLoginPage.WriteAsync(context, flow, StatusCodes.Status400BadRequest, "The realm has no such user.");
            return;
        }

        await complete.ExecuteAsync(context, flow, completed);
    }
}
