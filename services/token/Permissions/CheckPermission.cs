using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.Tokens;

namespace Pltfrms.Iam.Token.Permissions;

/// <summary>Answers one question: introspection and decision together, or the decision alone.</summary>
public sealed class CheckPermission(RealmSnapshots realms, ActiveTokens tokens, TimeProvider clock, TokenMetrics metrics)
{
    /// <param name="realmId">The realm.</param>
    /// <param name="question">Well-formed: the transport has validated it.</param>
    /// <param name="minRevision">0: any.</param>
    /// <param name="cancellationToken">The call's deadline.</param>
    /// <exception cref="Common.Errors.IamException">The outages and REALM_NOT_FOUND; never a denial.</exception>
    public async ValueTask<(Decision Decision, long Revision)> ExecuteAsync(
        string realmId, PermissionQuestion question, long minRevision, CancellationToken cancellationToken)
    {
        var realm = await realms.GetAsync(realmId, minRevision, cancellationToken);
        return (await DecideAsync(realm, question, cancellationToken), realm.Revision);
    }

    /// <summary>The same at a snapshot that is at hand already.</summary>
    public async ValueTask<Decision> DecideAsync(RealmSnapshot realm, PermissionQuestion question, CancellationToken cancellationToken)
    {
        var decision = question.Subject.AccessToken is { } accessToken
            ? PermissionDecision.ForToken(realm, await tokens.FindAsync(realm, accessToken, cancellationToken), question, clock.GetUtcNow())
            : PermissionDecision.ForPrincipal(realm, question.Subject.Principal!.Value, question, clock.GetUtcNow());
        metrics.Decided(decision.Allowed);
        return decision;
    }
}
