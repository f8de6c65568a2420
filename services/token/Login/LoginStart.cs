using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Authorization;

namespace Pltfrms.Iam.Token.Login;

/// <summary>Sends a user to whoever authenticates the realm's users.</summary>
public sealed class LoginStart(DevelopmentLogin development)
{
    /// <exception cref="AuthorizationRefusedException">The realm has nobody who does.</exception>
    public Task WriteAsync(HttpContext context, FlowContext flow) =>
        development.IsOfferedTo(context)
            ? DevelopmentLoginPage.WriteAsync(context, flow, StatusCodes.Status200OK, problem: null)
            : throw flow.Refused(new IamException(ErrorReason.AccessDenied, "The realm has no login."));
}
