using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Authorization;
using Pltfrms.Iam.Token.Consent;
using Pltfrms.Iam.Token.Sessions;

namespace Pltfrms.Iam.Token.Account;

/// <summary>
/// Lets a user who is logged in here in at the consent service's own pages. The browser goes there with a link and comes back before the pages open:
/// so the link is worth nothing to who gets hold of it, and nobody is lured into the pages of somebody else.
/// </summary>
public sealed class AccountVisits(IUserConsent consents, Authorizations authorizations)
{
    /// <exception cref="IamException">INVALID_REQUEST, for the user; SERVICE_UNAVAILABLE.</exception>
    public async Task<FlowStep> StartAsync(FlowContext flow, LoginSession session, CancellationToken cancellationToken)
    {
        await authorizations.SaveAsync(flow.Open, flow.Pending.Progress with { AccountUserId = session.UserId }, cancellationToken);
        return new FlowStep.Account(await OrGoneAsync(consents.StartVisitAsync(
            flow.Realm.RealmId,
            session.UserId,
            flow.Request.UiLocales,
            BrowserAddresses.Resume(flow.BaseAddress, flow.Open.Handle),
            cancellationToken)));
    }

    /// <exception cref="IamException">INVALID_REQUEST, for the user; SERVICE_UNAVAILABLE.</exception>
    public async Task<FlowStep> FinishAsync(FlowContext flow, string visit, CancellationToken cancellationToken)
    {
        if (flow.Session is not { } session || session.UserId != flow.Pending.Progress.AccountUserId)
        {
            throw Authorizations.Gone();
        }

        var address = await OrGoneAsync(consents.FinishVisitAsync(flow.Realm.RealmId, session.UserId, visit, cancellationToken));
        await authorizations.CloseAsync(flow.Open, cancellationToken);
        return new FlowStep.Account(address);
    }

    private static async Task<string> OrGoneAsync(Task<string> address)
    {
        try
        {
            return await address;
        }
        catch (IamException refusal) when (refusal.Reason == ErrorReason.ResourceNotFound)
        {
            throw Authorizations.Gone();
        }
    }
}
