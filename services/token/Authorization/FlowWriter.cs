using Pltfrms.Iam.Token.Devices;
using Pltfrms.Iam.Token.Login;
using Pltfrms.Iam.Token.Pages;

namespace Pltfrms.Iam.Token.Authorization;

/// <summary>Shows a browser the next step of its request.</summary>
public sealed class FlowWriter(LoginStart login)
{
    public Task WriteAsync(HttpContext context, FlowContext flow, FlowStep step)
    {
        switch (step)
        {
            case FlowStep.Answer answer:
                return AuthorizationAnswerWriter.WriteAsync(context, answer.Value);
            case FlowStep.Consent consent:
                BrowserRedirect.To(context, consent.Address);
                return Task.CompletedTask;
            case FlowStep.Account account:
                BrowserRedirect.To(context, account.Address);
                return Task.CompletedTask;
            case FlowStep.Organization organization:
                return OrganizationPage.WriteAsync(context, flow, organization.OrganizationIds);
            case FlowStep.Device device:
                return DevicePages.WriteAnsweredAsync(context, device.Approved);
            default:
                return login.WriteAsync(context, flow);
        }
    }
}
