using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Token.Consent;
using Pltfrms.Iam.Token.Grants;
using Pltfrms.Iam.Token.Sessions;

namespace Pltfrms.Iam.Token.Authorization;

/// <summary>
/// Puts an authorization request to the consent service. The log names each decision's run of the scope pipeline: who asks an operator why a scope
/// is missing has nothing but a time and a user, for the client is told no more than the standard says.
/// </summary>
public sealed class AskConsent(IUserConsent consents, ILogger<AskConsent> log)
{
    private const string AuthorizationId = "authorization_id";

    public async Task<ConsentStart> StartAsync(FlowContext flow, LoginSession session, CancellationToken cancellationToken)
    {
        var question = QuestionOf(flow, session);
        var started = await NoteRefusalAsync(flow, session, () => consents.StartAsync(question, cancellationToken));
        if (started.Outcome is { } outcome)
        {
            log.ConsentGiven(flow.Realm.RealmId, outcome.ClientId, outcome.UserId, outcome.AuthorizationId);
        }

        return started;
    }

    public async Task<ConsentOutcome> FinishAsync(FlowContext flow, LoginSession session, string challenge, CancellationToken cancellationToken)
    {
        var outcome = await NoteRefusalAsync(flow, session, () => consents.FinishAsync(flow.Realm.RealmId, challenge, cancellationToken));
        log.ConsentGiven(flow.Realm.RealmId, outcome.ClientId, outcome.UserId, outcome.AuthorizationId);
        return outcome;
    }

    private static ConsentQuestion QuestionOf(FlowContext flow, LoginSession session)
    {
        var client = flow.RequireClient();
        var offline = client.GrantTypes.AsSpan().Contains(RefreshTokenGrant.Name);
        return new ConsentQuestion
        {
            RealmId = flow.Realm.RealmId,
            UserId = session.UserId,
            ClientId = client.ClientId,
            GrantType = flow.GrantType,
            Scopes = flow.Request.Scopes,
            AuthorizationDetails = flow.Request.AuthorizationDetails,
            OrganizationId = flow.Open.OrganizationId,
            Acr = session.Acr,
            Amr = session.Amr,
            LoginRoleIds = session.RoleIds,
            SourceAddress = flow.SourceAddress,
            UiLocales = flow.Request.UiLocales,
            MustAsk = flow.Request.Prompt.HasFlag(Prompts.Consent),
            MayNotAsk = flow.Request.Prompt.HasFlag(Prompts.None),
            ReturnUri = BrowserAddresses.Resume(flow.BaseAddress, flow.Open.Handle),
            OfflineAccess = offline,
            Lifetime = offline
                ? flow.Realm.Realm.SessionSettings.RefreshAbsoluteLifetime
                : client.AccessTokenLifetime ?? flow.Realm.Realm.AccessTokenLifetime,
        };
    }

    private async Task<T> NoteRefusalAsync<T>(FlowContext flow, LoginSession session, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (IamException refusal) when (refusal.Metadata.TryGetValue(AuthorizationId, out var authorizationId))
        {
            log.ConsentRefused(flow.Realm.RealmId, flow.Request.ClientId, session.UserId, refusal.Reason, authorizationId);
            throw;
        }
    }
}
