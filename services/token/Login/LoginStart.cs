using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Authorization;
using Pltfrms.Iam.Token.Pages;
using Pltfrms.Iam.Token.Upstream;

namespace Pltfrms.Iam.Token.Login;

/// <summary>Sends a user to whoever authenticates the realm's users.</summary>
public sealed class LoginStart(LoginChallenges challenges, UpstreamRequests upstreams, DevelopmentLogin development)
{
    /// <exception cref="AuthorizationRefusedException">The realm has nobody who does, or nobody who can be reached.</exception>
    public async Task WriteAsync(HttpContext context, FlowContext flow)
    {
        if (flow.Realm.Realm.LoginSettings.Upstream is { } upstream)
        {
            BrowserRedirect.To(context, await upstreams.BeginAsync(flow, upstream, context.RequestAborted));
            return;
        }

        if (flow.Realm.Realm.LoginSettings.CustomLoginUri is { } uri)
        {
            var challenge = await challenges.BeginAsync(flow, context.RequestAborted);
            BrowserRedirect.To(context, $"{uri}{(uri.Contains('?') ? '&' : '?')}login_challenge={challenge}");
            return;
        }

        await ShowOwnAsync(context, flow);
    }

    private Task ShowOwnAsync(HttpContext context, FlowContext flow) =>
        development.IsOfferedTo(context)
            ? DevelopmentLoginPage.WriteAsync(context, flow, StatusCodes.Status200OK, problem: null)
            : throw flow.Refused(new IamException(ErrorReason.AccessDenied, "The realm has no login."));
}
