using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Scopes;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Consent.Consents;
using Pltfrms.Iam.Consent.Pipeline;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.Dialog;

/// <summary>Fetches what came of an answered challenge, once. What the realm took away since the dialog began is not granted.</summary>
public sealed class FinishConsent(RealmSnapshots realms, IDatabase database, DialogStores stores, TimeProvider clock)
{
    /// <summary>Who answers in the last second still gets back to the client.</summary>
    private static readonly TimeSpan WayBackLifetime = TimeSpan.FromMinutes(1);

    /// <exception cref="IamException">
    /// REALM_NOT_FOUND, CHALLENGE_NOT_FOUND, CHALLENGE_NOT_ANSWERED, ACCESS_DENIED, INVALID_REQUEST (a remote
    /// consent server's answer was not believed), INVALID_SCOPE, REALM_FEED_UNAVAILABLE, STORAGE_UNAVAILABLE.
    /// </exception>
    public async Task<FinishedConsent> RunAsync(string realmId, string challenge, CancellationToken cancellationToken)
    {
        var realm = await realms.GetAsync(realmId, 0, cancellationToken);
        var now = clock.GetUtcNow();
        var hash = OpaqueValue.HashOf(challenge) ?? throw GetChallenge.NotFound();
        await using var session = await database.BeginWriteAsync(cancellationToken);
        var finished = await stores.Challenges.FinishAsync(session, realmId, hash, now, now - WayBackLifetime, cancellationToken)
            ?? throw await WhyNotAsync(session, realmId, hash, now, cancellationToken);

        var run = await stores.Authorizations.FindAsync(session, realmId, finished.AuthorizationId, now, cancellationToken);
        var (outcome, refusal, steps) = Decide(realm, finished, await AgreedAsync(session, finished, now, cancellationToken), now);
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
        return outcome is null ? throw Explained(refusal!, finished.AuthorizationId) : new FinishedConsent(finished.AuthorizationId, outcome);
    }

    private static (ConsentOutcome? Outcome, IamException? Refusal, IReadOnlyList<ScopeStepRecord> Steps) Decide(
        RealmSnapshot realm, Challenge challenge, IReadOnlyList<string> agreed, DateTimeOffset now)
    {
        var answer = challenge.Answer!;
        if (answer.IsRefused)
        {
            return (null, new IamException(ErrorReason.InvalidRequest, "The answer to the consent request is not a valid one."), []);
        }

        List<ScopeStepRecord> steps =
            [.. ConsentStep.Answered(challenge.Asked.Select(asked => asked.Scope), answer.GrantedScopes, answer.Remembered)];
        var details = AskedDetails.Granted(realm, challenge.Request, answer.GrantedDetailIds);
        if (agreed.Count == 0 && details.Count == 0)
        {
            return (null, new IamException(ErrorReason.AccessDenied, "The user denied the request."), steps);
        }

        try
        {
            var scopes = UserScopes.Of(realm, challenge.Request, now);
            var offered = scopes.Offer();
            var granted = scopes.Grant([.. offered.Scopes.Intersect(agreed)], details.Count > 0);
            steps.AddRange(agreed.Except(offered.Scopes).Select(scope => new ScopeStepRecord(
                ConsentStep.Name, scope, ScopeStepEffect.Dropped, "offer", "it was granted, but may no longer be offered to the user")));
            steps.AddRange(granted.Steps);
            return (offered.Refusal ?? granted.Refusal) is { } refusal ? (null, refusal, steps) : (scopes.Outcome(granted, details), null, steps);
        }
        catch (IamException refusal) when (refusal.Reason is ErrorReason.ResourceNotFound or ErrorReason.UnknownOrganization)
        {
            return (null, new IamException(ErrorReason.AccessDenied, "The client, the user or the organization is gone.", refusal), steps);
        }
    }

    private static IamException Explained(IamException refusal, string authorizationId) => new(refusal.Reason, refusal.Message, refusal.InnerException)
    {
        Metadata = new Dictionary<string, string> { [AuthorizationStore.MetadataKey] = authorizationId },
    };

    /// <summary>What the user granted, as far as it still stands: a decision that was kept may have been taken back since.</summary>
    private async Task<IReadOnlyList<string>> AgreedAsync(
        DatabaseSession session, Challenge challenge, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (request, answer) = (challenge.Request, challenge.Answer!);
        var recorded = await stores.Consents.FindAsync(
            session, request.RealmId, request.UserId, request.ClientId, request.OrganizationId, cancellationToken);
        var standing = recorded
            .Where(consent => consent.Decision == ConsentDecision.Granted && !(consent.ExpiresAt <= now))
            .Select(consent => consent.Scope)
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            .. challenge.Granted.Where(standing.Contains),
            .. answer.GrantedScopes.Where(scope => !answer.Remembered || standing.Contains(scope)),
        ];
    }

    private async Task<IamException> WhyNotAsync(
        DatabaseSession session, string realmId, string hash, DateTimeOffset now, CancellationToken cancellationToken) =>
        await stores.Challenges.FindAsync(session, realmId, hash, now - WayBack.Lifetime, cancellationToken) switch
        {
            null or { FinishedAt: not null } => GetChallenge.NotFound(),
            { AnsweredAt: null } open when open.ExpiresAt > now => new IamException(ErrorReason.ChallengeNotAnswered, "The user has not answered yet."),
            { AuthorizationId: var id } => Explained(new IamException(ErrorReason.AccessDenied, "The user did not answer in time."), id),
        };
}
