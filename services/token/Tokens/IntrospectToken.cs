using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.SenderConstraints;

namespace Pltfrms.Iam.Token.Tokens;

/// <summary>Tells what a token stands for (RFC 7662 section 2).</summary>
public sealed class IntrospectToken(RealmSnapshots realms, ActiveTokens tokens, PresentedTokens presented, TokenMetrics metrics)
{
    /// <param name="realmId">The realm whose token it should be.</param>
    /// <param name="token">Any text.</param>
    /// <param name="presentation">How it was presented; null: that is not looked at.</param>
    /// <param name="minRevision">0: any.</param>
    /// <param name="cancellationToken">The call's deadline.</param>
    /// <exception cref="Common.Errors.IamException">The reasons that <c>TokenService.IntrospectToken</c> lists.</exception>
    public async ValueTask<Introspection> ExecuteAsync(
        string realmId, string token, TokenPresentation? presentation, long minRevision, CancellationToken cancellationToken)
    {
        var realm = await realms.GetAsync(realmId, minRevision, cancellationToken);
        var active = await tokens.FindAsync(realm, token, cancellationToken);

        // Nothing is allowed in a disabled organization, so a token tied to one is good for nothing.
        if (active is { OrganizationId: { } organizationId } && !realm.IsUsableOrganization(organizationId))
        {
            active = null;
        }

        if (active is not null && presentation is not null
            && await presented.FailureAsync(realm, active, token, presentation, cancellationToken) is not null)
        {
            active = null;
        }

        metrics.Introspected(active is not null);
        return new Introspection(active, realm.Revision);
    }
}

/// <summary>An answer about a token.</summary>
/// <param name="Token">Null: not active.</param>
/// <param name="Revision">The realm revision that the answer reflects.</param>
public readonly record struct Introspection(AccessToken? Token, long Revision);
