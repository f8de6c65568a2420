using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Consent.Consents;
using Pltfrms.Iam.Consent.Texts;

namespace Pltfrms.Iam.Consent.Dialog;

/// <summary>What a user decided about a challenge.</summary>
public sealed record SubmittedDecision
{
    public required string RealmId { get; init; }

    /// <summary>Sensitive: the value.</summary>
    public required string Challenge { get; init; }

    /// <summary>Who decided; must be the challenge's user.</summary>
    public required string UserId { get; init; }

    /// <summary>False: every scope that was asked is denied.</summary>
    public required bool Accepted { get; init; }

    /// <summary>Among those asked; those left out are denied.</summary>
    public ValueList<string> GrantedScopes { get; init; } = [];

    /// <summary>Among the authorization details asked for; those left out are denied.</summary>
    public ValueList<string> GrantedDetailIds { get; init; } = [];

    /// <summary>Whether the decision is kept for the next time.</summary>
    public bool Remember { get; init; }

    /// <summary>What was shown (RFC 5646); empty: the challenge's.</summary>
    public string Language { get; init; } = "";

    /// <summary>One of <see cref="ConsentMethods"/>.</summary>
    public required string Method { get; init; }

    /// <summary>Without the challenge, for a log that prints the record after all.</summary>
    public override string ToString() => $"SubmittedDecision of {UserId}";
}

/// <summary>Records what a user decided, and says where the browser goes next.</summary>
public sealed class SubmitDecision(
    RealmSnapshots realms, IDatabase database, ChallengeStore store, GetChallenge challenges, RecordDecisions record, TimeProvider clock)
{
    /// <exception cref="IamException">
    /// REALM_NOT_FOUND, CHALLENGE_NOT_FOUND, CHALLENGE_ANSWERED, INVALID_ARGUMENT, REALM_FEED_UNAVAILABLE, STORAGE_UNAVAILABLE; nothing is recorded.
    /// </exception>
    public async Task<string> RunAsync(SubmittedDecision decision, CancellationToken cancellationToken)
    {
        var realm = await realms.GetAsync(decision.RealmId, 0, cancellationToken);
        await using var session = await database.BeginWriteAsync(cancellationToken);
        var challenge = await challenges.FindOpenAsync(session, decision.RealmId, decision.Challenge, cancellationToken);
        Check(realm, challenge, decision);

        var now = clock.GetUtcNow();
        var answer = new ChallengeAnswer(decision.Accepted ? decision.GrantedScopes : [], decision.Remember)
        {
            GrantedDetailIds = decision.Accepted ? decision.GrantedDetailIds : [],
        };
        if (!await store.AnswerAsync(session, decision.RealmId, challenge.ChallengeHash, answer, now, cancellationToken))
        {
            throw GetChallenge.Answered();
        }

        List<ConsentRecord> decisions = [.. Decisions(realm, challenge, answer, decision, now)];
        var details = AskedDetails.Lines(realm, challenge, answer, Shown(challenge, decision));
        await record.RunAsync(
            session, new(challenge.RealmId, challenge.Request.UserId, decisions, [.. details]), decision.Remember, ConsentActor.User(decision.Method), isAwaited: false,
            cancellationToken);
        await session.CommitAsync(cancellationToken);
        return ConsentPlaces.WithChallenge(challenge.Request.ReturnUri, decision.Challenge);
    }

    private static IEnumerable<ConsentRecord> Decisions(
        RealmSnapshot realm, Challenge challenge, ChallengeAnswer answer, SubmittedDecision decision, DateTimeOffset now)
    {
        var settings = realm.Realm.ConsentSettings;
        var shown = Shown(challenge, decision);
        return challenge.Asked.Select(asked =>
        {
            var text = ScopeTexts.Choose(asked.Texts, shown, settings.DefaultLanguage);
            return new ConsentRecord
            {
                RealmId = challenge.RealmId,
                UserId = challenge.Request.UserId,
                ClientId = challenge.Request.ClientId,
                OrganizationId = challenge.Request.OrganizationId,
                Scope = asked.Scope,
                Decision = answer.GrantedScopes.Contains(asked.Scope) ? ConsentDecision.Granted : ConsentDecision.Denied,
                DecidedAt = now,
                ExpiresAt = now + settings.DecisionLifetime,
                TextLanguage = text?.Language ?? "",
                TextVersion = TextVersion.Of(asked.Scope, text),
                Method = decision.Method,
            };
        });
    }

    private static string[] Shown(Challenge challenge, SubmittedDecision decision) =>
        decision.Language.Length > 0 ? [decision.Language] : [.. challenge.Request.UiLocales];

    private static void Check(RealmSnapshot realm, Challenge challenge, SubmittedDecision decision)
    {
        var asked = challenge.Asked.Select(scope => scope.Scope).ToList();
        var required = realm.FindClient(challenge.Request.ClientId)?.RequiredScopes.Intersect(asked) ?? [];
        new FieldChecks()
            .Require("user_id", decision.UserId == challenge.Request.UserId, "must be the user who is asked")
            .Require("granted_scopes", !decision.GrantedScopes.Except(asked).Any(), "must be among the scopes that were asked")
            .Require("granted_scopes", decision.Accepted || decision.GrantedScopes.Count == 0, "must be empty where nothing is accepted")
            .Require(
                "granted_detail_ids",
                !decision.GrantedDetailIds.Except(AskedDetails.IdsOf(challenge.Request)).Any() && (decision.Accepted || decision.GrantedDetailIds.Count == 0),
                "must be among the authorization details that were asked, and empty where nothing is accepted")
            .Require(
                "granted_scopes",
                !decision.Accepted || !required.Except(decision.GrantedScopes).Any(),
                "must have the scopes that the client requires")
            .Require(
                "language",
                decision.Language.Length == 0 || DialogLanguages.CanBeShown(realm, challenge, decision.Language),
                "must be a language that the dialog can be in")
            .ThrowIfAny();
    }
}
