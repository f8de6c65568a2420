using Consent.Tests.Consents;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Consent.Dialog;
using Pltfrms.Iam.Consent.Storage;
using Testing;
using Testing.Databases;

namespace Consent.Tests.Dialog;

/// <summary>Challenges on either engine: as they were stored, answered by one and fetched by one, however many try.</summary>
public abstract class ChallengeStoreContract(TestDatabase fixture)
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ChallengeAnswer Granted = new(["a"], Remembered: true);

    private readonly ChallengeStore _challenges = new();

    [StorageFact]
    public async Task A_challenge_comes_back_as_it_was_stored()
    {
        var challenge = await AddAsync();

        Assert.Equal(challenge, await FindAsync(challenge, Noon));
        Assert.Null(await FindAsync(challenge with { RealmId = "other" }, Noon));
        Assert.Null(await FindAsync(challenge, challenge.ExpiresAt));
    }

    [StorageFact]
    public async Task An_answer_is_kept_and_the_first_one_counts()
    {
        var challenge = await AddAsync();

        Assert.True(await AnswerAsync(challenge, Granted, Noon));
        Assert.False(await AnswerAsync(challenge, new ChallengeAnswer([], Remembered: false), Noon));
        Assert.Equal(challenge with { Answer = Granted, AnsweredAt = Noon }, await FindAsync(challenge, Noon));
    }

    [StorageFact]
    public async Task An_expired_challenge_is_not_answered()
    {
        var challenge = await AddAsync();

        Assert.False(await AnswerAsync(challenge, Granted, challenge.ExpiresAt));
    }

    [StorageFact]
    public async Task Of_many_who_answer_and_fetch_at_once_one_does()
    {
        var challenge = await AddAsync();

        var answered = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => AnswerAsync(challenge, Granted, Noon))));
        var fetched = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => FinishAsync(challenge))));

        Assert.Single(answered, won => won);
        Assert.Equal(Granted, Assert.Single(fetched, found => found is not null)!.Answer);
    }

    [StorageFact]
    public async Task What_is_not_answered_is_not_fetched() => Assert.Null(await FinishAsync(await AddAsync()));

    [StorageFact]
    public async Task What_has_expired_is_removed_and_the_rest_stays()
    {
        var clock = new FakeClock();
        var rows = new ExpiredRows(fixture.Database, ConsentTables.All, clock);
        var challenge = await AddAsync();
        await rows.RemoveAsync(CancellationToken.None);
        Assert.Equal(challenge, await FindAsync(challenge, Noon));

        clock.Advance(TimeSpan.FromDays(3));
        await rows.RemoveAsync(CancellationToken.None);

        Assert.Null(await FindAsync(challenge, Noon));
    }

    private async Task<Challenge> AddAsync()
    {
        var challenge = new Challenge
        {
            RealmId = "demo",
            ChallengeHash = OpaqueValue.Hash(OpaqueValue.New()),
            AuthorizationId = Guid.CreateVersion7().ToString(),
            Request = new ConsentRequest
            {
                RealmId = "demo",
                UserId = "alice",
                ClientId = "web",
                GrantType = "authorization_code",
                Scopes = ["a", "b"],
                OrganizationId = "acme",
                Login = new LoginFacts { Acr = "high", Amr = ["otp"], RoleIds = ["viewer"], SourceAddress = "10.0.0.1" },
                UiLocales = ["de", "en"],
                ReturnUri = "https://x.example",
                OfflineAccess = true,
                Lifetime = TimeSpan.FromDays(90),
            },
            Asked = [new AskedScope("a", [new ScopeText { Language = "de", Title = "Ä", Description = "ö\n" }]), new AskedScope("b", [])],
            Granted = ["c"],
            ExpiresAt = Noon.AddMinutes(10),
        };
        await using var session = await fixture.Database.BeginWriteAsync(CancellationToken.None);
        await _challenges.AddAsync(session, challenge, CancellationToken.None);
        await session.CommitAsync(CancellationToken.None);
        return challenge;
    }

    private async Task<Challenge?> FindAsync(Challenge challenge, DateTimeOffset after)
    {
        await using var session = await fixture.Database.OpenAsync(CancellationToken.None);
        return await _challenges.FindAsync(session, challenge.RealmId, challenge.ChallengeHash, after, CancellationToken.None);
    }

    private async Task<bool> AnswerAsync(Challenge challenge, ChallengeAnswer answer, DateTimeOffset now)
    {
        await using var session = await fixture.Database.BeginWriteAsync(CancellationToken.None);
        var isAnswered = await _challenges.AnswerAsync(
            session, challenge.RealmId, challenge.ChallengeHash, answer, now, CancellationToken.None);
        await session.CommitAsync(CancellationToken.None);
        return isAnswered;
    }

    private async Task<Challenge?> FinishAsync(Challenge challenge)
    {
        await using var session = await fixture.Database.BeginWriteAsync(CancellationToken.None);
        var finished = await _challenges.FinishAsync(
            session, challenge.RealmId, challenge.ChallengeHash, Noon, Noon, CancellationToken.None);
        await session.CommitAsync(CancellationToken.None);
        return finished;
    }
}

public sealed class SqliteChallengeStoreTests(SqliteConsentDatabase fixture)
    : ChallengeStoreContract(fixture), IClassFixture<SqliteConsentDatabase>;

[NeedsPostgres]
public sealed class PostgresChallengeStoreTests(PostgresConsentDatabase fixture)
    : ChallengeStoreContract(fixture), IClassFixture<PostgresConsentDatabase>;
