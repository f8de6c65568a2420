using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.SenderConstraints;
using Pltfrms.Iam.Token.Tokens;

namespace Pltfrms.Iam.Token.Permissions;

/// <summary>Answers one question: introspection and decision together, or the decision alone.</summary>
public sealed class CheckPermission(RealmSnapshots realms, ActiveTokens tokens, PresentedTokens presented, TimeProvider clock, TokenMetrics metrics)
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
        return (await DecideAsync(realm, question, call: null, cancellationToken), realm.Revision);
    }

    /// <summary>The same at a snapshot that is at hand already.</summary>
    /// <param name="realm">The realm.</param>
    /// <param name="question">Well-formed.</param>
    /// <param name="call">The presentations of the call that asks more than this; null: it does not.</param>
    /// <param name="cancellationToken">The call's deadline.</param>
    public async ValueTask<Decision> DecideAsync(
        RealmSnapshot realm, PermissionQuestion question, PresentationsOfCall? call, CancellationToken cancellationToken)
    {
        if (question.Subject.AccessToken is { } accessToken)
        {
            return (await DecideAsync(realm, accessToken, question, call, cancellationToken)).Decision;
        }

        var decision = PermissionDecision.ForPrincipal(realm, question.Subject.Principal!.Value, question, clock.GetUtcNow());
        metrics.Decided(decision.Allowed);
        return decision;
    }

    /// <summary>The same for an access token, and the token where it is active.</summary>
    /// <param name="realm">The realm.</param>
    /// <param name="accessToken">The question's subject.</param>
    /// <param name="question">Well-formed.</param>
    /// <param name="call">The presentations of the call that asks more than this; null: it does not.</param>
    /// <param name="cancellationToken">The call's deadline.</param>
    public async ValueTask<(Decision Decision, AccessToken? Token)> DecideAsync(
        RealmSnapshot realm, string accessToken, PermissionQuestion question, PresentationsOfCall? call, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var token = await tokens.FindAsync(realm, accessToken, now, cancellationToken);
        var failure = token is null ? null
            : call is null ? await presented.FailureAsync(realm, token, accessToken, question.Presentation, cancellationToken)
            : await call.FailureAsync(realm, token, accessToken, question.Presentation, cancellationToken);
        var decision = PermissionDecision.ForToken(realm, token, question, failure, now);
        metrics.Decided(decision.Allowed);
        return (decision, token);
    }
}
