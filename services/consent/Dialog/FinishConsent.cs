using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Scopes;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Consent.Pipeline;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.Dialog;

/// <summary>Fetches what came of an answered challenge, once. What the realm took away since the dialog began is not granted.</summary>
public sealed class FinishConsent(RealmSnapshots realms, IDatabase database, DialogStores stores, TimeProvider clock)
{
    /// <summary>Who answers in the last second still gets back to the client.</summary>
    private static readonly TimeSpan WayBack = TimeSpan.FromMinutes(1);

    /// <exception cref="IamException">
    /// REALM_NOT_FOUND, CHALLENGE_NOT_FOUND, CHALLENGE_NOT_ANSWERED, ACCESS_DENIED, INVALID_REQUEST (a remote
    /// consent server's answer was not believed), INVALID_SCOPE, RESOURCE_NOT_FOUND, UNKNOWN_ORGANIZATION
    /// (gone since the dialog began), REALM_FEED_UNAVAILABLE, STORAGE_UNAVAILABLE.
    /// </exception>
    public async Task<FinishedConsent> RunAsync(string realmId, string challenge, CancellationToken cancellationToken)
    {
        var realm = await realms.GetAsync(realmId, 0, cancellationToken);
        var now = clock.GetUtcNow();
        var hash = ChallengeValue.HashOf(challenge) ?? throw GetChallenge.NotFound();
        await using var session = await database.BeginWriteAsync(cancellationToken);
        var finished = await stores.Challenges.FinishAsync(session, realmId, hash, now, now - WayBack, cancellationToken)
            ?? throw await WhyNotAsync(session, realmId, hash, now, cancellationToken);

        var run = await stores.Authorizations.FindAsync(session, realmId, finished.AuthorizationId, now, cancellationToken);
        var (outcome, refusal, steps) = Decide(realm, finished, now);
        if (run is not null)
        {
            // The last word replaces what the dialog began with.
            var before = run.Steps.Where(step => step.Rule != ConsentStep.AskedRule || step.Step != ConsentStep.Name);
            await stores.Authorizations.UpdateAsync(
                session,
                realmId,
                finished.AuthorizationId,
                run with { Revision = realm.Revision, Granted = outcome?.Scopes ?? [], Steps = [.. before, .. steps] },
                cancellationToken);
        }

        await session.CommitAsync(cancellationToken);
        return outcome is null ? throw refusal! : new FinishedConsent(finished.AuthorizationId, outcome);
    }

    private static (ConsentOutcome? Outcome, IamException? Refusal, IReadOnlyList<ScopeStepRecord> Steps) Decide(
        RealmSnapshot realm, Challenge challenge, DateTimeOffset now)
    {
        var answer = challenge.Answer!;
        if (answer.IsRefused)
        {
            return (null, new IamException(ErrorReason.InvalidRequest, "The answer to the consent request is not a valid one."), []);
        }

        List<ScopeStepRecord> steps =
            [.. ConsentStep.Answered(challenge.Asked.Select(asked => asked.Scope), answer.GrantedScopes, answer.Remembered)];
        if (answer.GrantedScopes.Count + challenge.Granted.Count == 0)
        {
            return (null, new IamException(ErrorReason.AccessDenied, "The user denied the request."), steps);
        }

        try
        {
            var scopes = UserScopes.Of(realm, challenge.Request, now);
            var offered = scopes.Offer();
            string[] agreed = [.. challenge.Granted, .. answer.GrantedScopes];
            var granted = scopes.Grant([.. offered.Scopes.Intersect(agreed)]);
            steps.AddRange(agreed.Except(offered.Scopes).Select(scope => new ScopeStepRecord(
                ConsentStep.Name, scope, ScopeStepEffect.Dropped, "offer", "it was granted, but may no longer be offered to the user")));
            steps.AddRange(granted.Steps);
            return (scopes.Outcome(granted), null, steps);
        }
        catch (IamException refusal) when (WireError.For(refusal.Reason).HttpStatus < 500)
        {
            return (null, refusal, steps);
        }
    }

    private async Task<IamException> WhyNotAsync(
        DatabaseSession session, string realmId, string hash, DateTimeOffset now, CancellationToken cancellationToken) =>
        await stores.Challenges.FindAsync(session, realmId, hash, now, cancellationToken) is { AnsweredAt: null }
            ? new IamException(ErrorReason.ChallengeNotAnswered, "The user has not answered yet.")
            : GetChallenge.NotFound();
}
