using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Consent.Dialog;

/// <summary>The table <c>consent_challenge</c>. A challenge is answered once and fetched once: each is one conditional update.</summary>
public sealed class ChallengeStore
{
    private const string Columns =
        "realm_id, challenge_hash, authorization_id, request, asked, granted, expires_at, answered_at, answer, finished_at";

    private const string AddSql = """
        insert into consent_challenge (realm_id, challenge_hash, authorization_id, request, asked, granted, expires_at)
        values (@RealmId, @ChallengeHash, @AuthorizationId, @Request, @Asked, @Granted, @ExpiresAt)
        """;

    private const string FindSql = $"""
        select {Columns}
        from consent_challenge
        where realm_id = @realmId and challenge_hash = @challengeHash and expires_at > @after
        """;

    private const string AnswerSql = """
        update consent_challenge
        set answered_at = @now, answer = @answer
        where realm_id = @realmId and challenge_hash = @challengeHash and expires_at > @now and answered_at is null
        returning challenge_hash
        """;

    private const string FinishSql = $"""
        update consent_challenge
        set finished_at = @now
        where realm_id = @realmId and challenge_hash = @challengeHash and expires_at > @after
            and answered_at is not null and finished_at is null
        returning {Columns}
        """;

    public Task AddAsync(DatabaseSession session, Challenge challenge, CancellationToken cancellationToken) => session.ExecuteAsync(
        AddSql,
        new
        {
            challenge.RealmId,
            challenge.ChallengeHash,
            challenge.AuthorizationId,
            challenge.Request,
            challenge.Asked,
            challenge.Granted,
            challenge.ExpiresAt,
        },
        cancellationToken);

    /// <summary>The challenge, answered or not, unless it expired by <paramref name="after"/>; null: there is none.</summary>
    public Task<Challenge?> FindAsync(
        DatabaseSession session, string realmId, string challengeHash, DateTimeOffset after, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<Challenge>(FindSql, new { realmId, challengeHash, after }, cancellationToken);

    /// <summary>Keeps the answer; false where somebody answered before, or it expired.</summary>
    public async Task<bool> AnswerAsync(
        DatabaseSession session, string realmId, string challengeHash, ChallengeAnswer answer, DateTimeOffset now, CancellationToken cancellationToken) =>
        await session.QuerySingleOrDefaultAsync<string>(AnswerSql, new { realmId, challengeHash, answer, now }, cancellationToken) is not null;

    /// <summary>Takes the answered challenge; null where it is not answered, was taken before or expired by <paramref name="after"/>.</summary>
    public Task<Challenge?> FinishAsync(
        DatabaseSession session, string realmId, string challengeHash, DateTimeOffset now, DateTimeOffset after, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<Challenge>(FinishSql, new { realmId, challengeHash, now, after }, cancellationToken);
}
