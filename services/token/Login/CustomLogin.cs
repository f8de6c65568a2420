using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Authorization;

namespace Pltfrms.Iam.Token.Login;

/// <summary>Takes the browser back from a realm's own login application.</summary>
public sealed class CustomLogin(LoginChallenges challenges, CompleteLogin complete, AuthorizationFlow authorization, FlowWriter writer)
{
    public async Task FinishAsync(HttpContext context, FlowContext flow, string verifier)
    {
        var (open, answer) = await challenges.TakeAsync(flow.Open, verifier, context.RequestAborted);
        var current = flow with { Open = open };

        // Disabled since the application answered: nobody.
        if (answer.Login is { } login && flow.Realm.FindUser(login.UserId) is { Disabled: false })
        {
            await complete.ExecuteAsync(context, current, login);
            return;
        }

        var why = answer.Refusal is { Length: > 0 } refusal ? refusal : "The user did not log in.";
        var step = await authorization.RefuseAsync(current, new IamException(ErrorReason.AccessDenied, why), context.RequestAborted);
        await writer.WriteAsync(context, current, step);
    }
}
