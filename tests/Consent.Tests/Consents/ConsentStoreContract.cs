using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Consent.Consents;
using Testing.Databases;

namespace Consent.Tests.Consents;

/// <summary>Decisions: one each, the latest; listed in one order; never those of another realm or user.</summary>
public abstract class ConsentStoreContract(TestDatabase fixture)
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly ConsentStore _consents = new();
    private readonly string _user = Guid.CreateVersion7().ToString();

    [StorageFact]
    public async Task A_decision_comes_back_as_it_was_saved()
    {
        var full = Decision("web", "invoices.read") with
        {
            OrganizationId = "acme",
            Decision = ConsentDecision.Denied,
            ExpiresAt = Noon.AddDays(30),
            TextLanguage = "de-CH",
            TextVersion = new string('a', 64),
        };
        var bare = Decision("web", "invoices.create");

        await SaveAsync(full, bare);

        Assert.Equal([bare, full], await ListAsync("", ConsentPosition.Start, 10));
    }

    [StorageFact]
    public async Task A_later_decision_replaces_and_an_older_one_that_comes_late_does_not()
    {
        var denied = Decision("web", "invoices.read") with { Decision = ConsentDecision.Denied, DecidedAt = Noon.AddMinutes(1) };
        var late = Decision("web", "invoices.read");

        await SaveAsync(late, denied, late);

        Assert.Equal([denied], await ListAsync("", ConsentPosition.Start, 10));
    }

    [StorageFact]
    public async Task Pages_follow_each_other_by_client_organization_and_scope()
    {
        ConsentRecord[] ordered =
        [
            Decision("a", "z"),
            Decision("a", "a") with { OrganizationId = "acme" },
            Decision("a", "b") with { OrganizationId = "acme" },
            Decision("b", "A"),
            Decision("b", "a"),
        ];
        await SaveAsync([.. ordered.Reverse()]);

        Assert.Equal(ordered, await ListAsync("", ConsentPosition.Start, 10));
        Assert.Equal(ordered[..2], await ListAsync("", ConsentPosition.Start, 2));
        Assert.Equal(ordered[2..4], await ListAsync("", new ConsentPosition("a", "acme", "a"), 2));
        Assert.Equal(ordered[3..], await ListAsync("b", ConsentPosition.Start, 10));
        Assert.Empty(await ListAsync("", new ConsentPosition("b", "", "a"), 10));
    }

    [StorageFact]
    public async Task Another_realm_and_another_user_are_not_listed()
    {
        await SaveAsync(
            Decision("web", "mine"),
            Decision("web", "theirs") with { RealmId = "other" },
            Decision("web", "theirs") with { UserId = _user + "x" });

        Assert.Equal(["mine"], (await ListAsync("", ConsentPosition.Start, 10)).Select(c => c.Scope));
    }

    private ConsentRecord Decision(string clientId, string scope) => new()
    {
        RealmId = "demo",
        UserId = _user,
        ClientId = clientId,
        Scope = scope,
        Decision = ConsentDecision.Granted,
        DecidedAt = Noon,
    };

    private async Task SaveAsync(params ConsentRecord[] consents)
    {
        await using var session = await fixture.Database.BeginWriteAsync(CancellationToken.None);
        foreach (var consent in consents)
        {
            await _consents.SaveAsync(session, consent, CancellationToken.None);
        }

        await session.CommitAsync(CancellationToken.None);
    }

    private async Task<IReadOnlyList<ConsentRecord>> ListAsync(string clientId, ConsentPosition after, int count)
    {
        await using DatabaseSession session = await fixture.Database.OpenAsync(CancellationToken.None);
        return await _consents.ListAsync(session, "demo", _user, clientId, after, count, CancellationToken.None);
    }
}

public sealed class SqliteConsentStoreTests(SqliteConsentDatabase fixture)
    : ConsentStoreContract(fixture), IClassFixture<SqliteConsentDatabase>;

[NeedsPostgres]
public sealed class PostgresConsentStoreTests(PostgresConsentDatabase fixture)
    : ConsentStoreContract(fixture), IClassFixture<PostgresConsentDatabase>;
