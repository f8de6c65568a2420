using Pltfrms.Iam.Token.Consent;
using Pltfrms.Iam.Token.Grants;
using Pltfrms.Iam.Token.Sessions;

namespace Pltfrms.Iam.Token.Authorization;

/// <summary>Puts an authorization request to the consent service.</summary>
public sealed class AskConsent(IUserConsent consents)
{
    public Task<ConsentStart> StartAsync(FlowContext flow, LoginSession session, CancellationToken cancellationToken)
    {
        var client = flow.RequireClient();
        var offline = client.GrantTypes.AsSpan().Contains(RefreshTokenGrant.Name);
        return consents.StartAsync(
            new ConsentQuestion
            {
                RealmId = flow.Realm.RealmId,
                UserId = session.UserId,
                ClientId = client.ClientId,
                GrantType = flow.GrantType,
                Scopes = flow.Request.Scopes,
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
            },
            cancellationToken);
    }

    public Task<ConsentOutcome> FinishAsync(FlowContext flow, string challenge, CancellationToken cancellationToken) =>
        consents.FinishAsync(flow.Realm.RealmId, challenge, cancellationToken);
}
