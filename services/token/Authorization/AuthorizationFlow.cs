using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Account;
using Pltfrms.Iam.Token.Codes;
using Pltfrms.Iam.Token.Consent;
using Pltfrms.Iam.Token.Devices;
using Pltfrms.Iam.Token.Sessions;

namespace Pltfrms.Iam.Token.Authorization;

/// <summary>Decides what happens next to a request: login, consent, or the answer.</summary>
public sealed class AuthorizationFlow(
    AskConsent consent, Authorizations authorizations, IssueCode codes, AnswerDevice devices, AccountVisits account, TimeProvider clock)
{
    /// <exception cref="AuthorizationRefusedException">For the client.</exception>
    /// <exception cref="IamException">For the user.</exception>
    public async Task<FlowStep> NextAsync(FlowContext flow, CancellationToken cancellationToken)
    {
        flow.RequireAsker();
        if (flow.Session is not { } session || !LoginRequirement.IsMet(flow.Realm.Realm, flow.Pending, session, clock.GetUtcNow()))
        {
            return await RequireLoginAsync(flow, cancellationToken);
        }

        if (flow.Request.IsForAccount)
        {
            return await account.StartAsync(flow, session, cancellationToken);
        }

        if (OrganizationChoice.Of(flow, session) is { Count: > 0 } organizations)
        {
            return await RequireOrganizationAsync(flow, organizations, cancellationToken);
        }

        var started = await DecideAsync(flow, () => consent.StartAsync(flow, session, cancellationToken), cancellationToken);
        if (started.Outcome is { } outcome)
        {
            return await CompleteAsync(flow, session, outcome, cancellationToken);
        }

        var progress = flow.Pending.Progress with { ConsentHash = OpaqueValue.Hash(started.Challenge!), ConsentUserId = session.UserId };
        await authorizations.SaveAsync(flow.Open, progress, cancellationToken);
        return new FlowStep.Consent(started.RedirectTo!);
    }

    /// <summary>Goes on when the browser is back from the consent service.</summary>
    /// <exception cref="AuthorizationRefusedException">For the client.</exception>
    /// <exception cref="IamException">For the user.</exception>
    public async Task<FlowStep> ConsentedAsync(FlowContext flow, string challenge, CancellationToken cancellationToken)
    {
        flow.RequireClient();
        var progress = flow.Pending.Progress;

        // Somebody else's consent, or one of another request, must not be put in here.
        if (progress.ConsentHash != OpaqueValue.Hash(challenge) || flow.Session is not { } session || session.UserId != progress.ConsentUserId)
        {
            throw Authorizations.Gone();
        }

        var outcome = await DecideAsync(flow, () => consent.FinishAsync(flow, session, challenge, cancellationToken), cancellationToken);
        return await CompleteAsync(flow, session, outcome, cancellationToken);
    }

    /// <summary>Goes on when the browser has been at the user's own pages.</summary>
    /// <exception cref="IamException">For the user.</exception>
    public Task<FlowStep> VisitedAsync(FlowContext flow, string visit, CancellationToken cancellationToken) =>
        account.FinishAsync(flow, visit, cancellationToken);

    /// <summary>Tells the client that the user did not log in, or may not have what it asks for.</summary>
    /// <exception cref="IamException">The refusal, for the user, where there is no client.</exception>
    public async Task<FlowStep> RefuseAsync(FlowContext flow, IamException refusal, CancellationToken cancellationToken)
    {
        flow.RequireAsker();
        await authorizations.CloseAsync(flow.Open, cancellationToken);
        if (flow.Request.DeviceHash is { } deviceHash)
        {
            await devices.DenyAsync(flow.Realm.RealmId, deviceHash, cancellationToken);
            return new FlowStep.Device(Approved: false);
        }

        if (flow.Request.IsForAccount)
        {
            throw refusal;
        }

        return new FlowStep.Answer(AuthorizationAnswer.Refusal(flow.Target, refusal));
    }

    private async Task<FlowStep> RequireLoginAsync(FlowContext flow, CancellationToken cancellationToken)
    {
        var wasAsked = flow.Session is { } session && LoginRequirement.WasAsked(flow.Pending, session);

        // Without asking the user, only a provider can know them.
        if (flow.Request.Prompt == Prompts.None && (wasAsked || flow.Realm.Realm.LoginSettings.Upstream is null))
        {
            return await RefuseAsync(flow, new IamException(ErrorReason.LoginRequired, "The user must log in."), cancellationToken);
        }

        return wasAsked
            ? await RefuseAsync(
                flow, new IamException(ErrorReason.UnmetAuthenticationRequirements, "The login is not as strong as asked for."), cancellationToken)
            : new FlowStep.Login();
    }

    private async Task<FlowStep> RequireOrganizationAsync(FlowContext flow, IReadOnlyList<string> organizations, CancellationToken cancellationToken)
    {
        if (organizations.Count == 1)
        {
            var chosen = await authorizations.SaveAsync(
                flow.Open, flow.Pending.Progress with { OrganizationId = organizations[0] }, cancellationToken);
            return await NextAsync(flow with { Open = chosen }, cancellationToken);
        }

        return flow.Request.Prompt == Prompts.None
            ? await RefuseAsync(flow, new IamException(ErrorReason.InteractionRequired, "The user must choose an organization."), cancellationToken)
            : new FlowStep.Organization(organizations);
    }

    private async Task<FlowStep> CompleteAsync(FlowContext flow, LoginSession session, ConsentOutcome outcome, CancellationToken cancellationToken)
    {
        if (outcome.UserId != session.UserId || outcome.ClientId != flow.Request.ClientId || outcome.OrganizationId != flow.Open.OrganizationId)
        {
            throw Authorizations.Gone();
        }

        var access = new UserAccess
        {
            UserId = session.UserId,
            Scopes = outcome.Scopes,
            AuthorizationDetails = outcome.AuthorizationDetails,
            OrganizationId = outcome.OrganizationId,
            Resources = flow.Request.Resources,
            Acr = session.Acr.Length > 0 ? session.Acr : null,
            Amr = session.Amr,
            AuthenticatedAt = session.AuthenticatedAt,
            Confirmation = Confirmation.Of(flow.Request.DpopThumbprint, certificateThumbprint: null),
        };
        if (flow.Request.DeviceHash is not null)
        {
            await devices.ApproveAsync(flow.Open, access, cancellationToken);
            return new FlowStep.Device(Approved: true);
        }

        var code = await codes.ExecuteAsync(flow.Open, access, cancellationToken);
        return new FlowStep.Answer(AuthorizationAnswer.Code(flow.Target, code));
    }

    /// <summary>A decision against the client goes to the client.</summary>
    private async Task<T> DecideAsync<T>(FlowContext flow, Func<Task<T>> decide, CancellationToken cancellationToken)
    {
        try
        {
            return await decide();
        }
        catch (IamException refusal) when (refusal.Reason is ErrorReason.AccessDenied or ErrorReason.ConsentRequired or ErrorReason.InvalidScope
            or ErrorReason.UnknownOrganization or ErrorReason.InvalidRequest)
        {
            await RefuseAsync(flow, refusal, cancellationToken);
            throw flow.Refused(refusal);
        }
        catch (IamException refusal) when (refusal.Reason is ErrorReason.ChallengeNotFound or ErrorReason.ChallengeNotAnswered)
        {
            throw Authorizations.Gone();
        }
    }
}
