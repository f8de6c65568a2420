using Microsoft.Extensions.Logging.Abstractions;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token;
using Pltfrms.Iam.Token.Storage;
using Pltfrms.Iam.Token.Tokens.Revocation;
using Pltfrms.Iam.Token.UserGrants;
using Testing;
using Testing.Databases;
using Token.Tests.Audit;
using Token.Tests.Hosting;
using Token.Tests.Tokens;

namespace Token.Tests.UserGrants;

/// <summary>What holds for grants on either engine.</summary>
public abstract class UserGrantContract(TestDatabase database)
{
    private static readonly DateTimeOffset Expiry = new FakeClock().GetUtcNow().AddDays(30);

    private readonly string _realmId = $"realm-{Guid.NewGuid():n}";
    private readonly FakeClock _clock = new();
    private readonly UserGrantStore _store = new();

    [StorageFact]
    public async Task A_grant_comes_back_as_it_was_stored()
    {
        var grant = Grant("g1", "alice", "web", "acme", "a", "b");
        await AddAsync(grant);

        Assert.Equal([grant], await AllAsync(new GrantFilter { RealmId = _realmId }));
        Assert.Empty(await AllAsync(new GrantFilter { RealmId = _realmId + "-other" }));
    }

    [StorageFact]
    public async Task A_grant_is_found_by_its_key_while_it_is_live()
    {
        var grant = Grant("g1", "alice", "web", "acme", "a", "b");
        var (key, now) = (KeyOf("g1"), _clock.GetUtcNow());
        await AddAsync(grant);

        Assert.Equal(grant, await FindAsync(key, now));
        Assert.Null(await FindAsync(key with { GrantId = "g2" }, now));
        Assert.Null(await FindAsync(key with { RealmId = _realmId + "-other" }, now));
        Assert.Null(await FindAsync(key with { ExpiresAt = Expiry.AddSeconds(1) }, now));
        Assert.Null(await FindAsync(key, Expiry));
        Assert.Equal(1, await RevokeAsync(Revocations(), GrantFilter.Of(_realmId, "g1")));
        Assert.Null(await FindAsync(key, now));
    }

    [StorageFact]
    public async Task Lists_by_user_and_client_a_page_at_a_time_and_knows_its_page_tokens()
    {
        await AddAsync(Grant("g1", "alice", "web"), Grant("g2", "bob", "web"), Grant("g3", "alice", "tv"), Grant("g4", "alice", "web"));
        var list = new ListGrants(database.Database, _store, _clock);
        var alice = new GrantFilter { RealmId = _realmId, UserId = "alice" };

        var (first, next) = await list.ExecuteAsync(alice, 2, "", CancellationToken.None);
        var (second, end) = await list.ExecuteAsync(alice, 2, next, CancellationToken.None);
        var web = await AllAsync(alice with { ClientId = "web" });

        Assert.Equal(["g1", "g3"], first.Select(g => g.GrantId));
        Assert.Equal(["g4"], second.Select(g => g.GrantId));
        Assert.Equal("", end);
        Assert.Equal(["g1", "g4"], web.Select(g => g.GrantId));
        foreach (var (filter, token) in new[] { (alice with { UserId = "bob" }, next), (alice, "garbage!"), (alice, "AAAA"), (alice, new string('A', 300)) })
        {
            var refusal = await Assert.ThrowsAsync<IamException>(() => list.ExecuteAsync(filter, 2, token, CancellationToken.None));
            Assert.Equal(ErrorReason.InvalidPageToken, refusal.Reason);
        }
    }

    public static TheoryData<string, string, string, string?, string[], string[]> Filters => new()
    {
        { "g1", "", "", null, [], ["g1"] },
        { "", "alice", "", null, [], ["g1", "g2", "g3"] },
        { "", "alice", "web", null, [], ["g1", "g2"] },
        { "", "alice", "", "", [], ["g1", "g3"] },
        { "", "alice", "", "acme", [], ["g2"] },
        { "", "", "web", null, ["b", "c"], ["g2", "g4"] },
        { "g4", "alice", "", null, [], [] },
    };

    [StorageFact]
    public async Task Revokes_what_was_given_before_a_time_whenever_its_code_was_redeemed()
    {
        var now = _clock.GetUtcNow();
        var (before, after) = (Guid.CreateVersion7(now.AddSeconds(-30)).ToString("N"), Guid.CreateVersion7(now.AddSeconds(1)).ToString("N"));
        await AddAsync(Grant(before, "alice", "web"), Grant(after, "alice", "web"), Grant("no-uuid", "alice", "web") with { CreatedAt = now.AddSeconds(-1) });
        var filter = new GrantFilter { RealmId = _realmId, UserId = "alice", GivenBefore = now };

        Assert.Equal(2, await RevokeAsync(Revocations(), filter));

        Assert.Equal([after], (await AllAsync(filter with { GivenBefore = null })).Select(grant => grant.GrantId));
    }

    [StorageTheory]
    [MemberData(nameof(Filters))]
    public async Task Revokes_what_fits_all_that_is_set(string grantId, string userId, string clientId, string? organizationId, string[] scopes, string[] revoked)
    {
        await AddAsync(
            Grant("g1", "alice", "web", "", "a"), Grant("g2", "alice", "web", "acme", "a", "b"), Grant("g3", "alice", "tv"), Grant("g4", "bob", "web", "", "c"));
        var filter = new GrantFilter
        {
            RealmId = _realmId,
            GrantId = grantId,
            UserId = userId,
            ClientId = clientId,
            OrganizationId = organizationId,
            Scopes = scopes,
        };

        var count = await RevokeAsync(Revocations(), filter);

        Assert.Equal(revoked.Length, count);
        Assert.Equal(
            new[] { "g1", "g2", "g3", "g4" }.Except(revoked),
            (await AllAsync(new GrantFilter { RealmId = _realmId })).Select(g => g.GrantId));
        Assert.Equal(0, await RevokeAsync(Revocations(), filter));
    }

    [StorageFact]
    public async Task Its_tokens_are_refused_here_at_once_and_by_another_replica_with_its_next_refresh()
    {
        await AddAsync(Grant("g1", "alice", "web"), Grant("g2", "alice", "web"));
        var (here, there, stale) = (Revocations(), Revocations(), Revocations(TimeSpan.Zero));
        foreach (var replica in new[] { here, there, stale })
        {
            Assert.False(await replica.IsRevokedAsync(Token("t1", "g1"), CancellationToken.None));
        }

        await RevokeAsync(here, GrantFilter.Of(_realmId, "g1"));

        Assert.True(await here.IsRevokedAsync(Token("t1", "g1"), CancellationToken.None));
        Assert.True(await stale.IsRevokedAsync(Token("t1", "g1"), CancellationToken.None));
        Assert.False(await there.IsRevokedAsync(Token("t1", "g1"), CancellationToken.None));
        await there.RefreshAsync(CancellationToken.None);
        Assert.True(await there.IsRevokedAsync(Token("t1", "g1"), CancellationToken.None));
        Assert.True(await Revocations().IsRevokedAsync(Token("t2", "g1"), CancellationToken.None));
        foreach (var replica in new[] { here, there, stale })
        {
            Assert.False(await replica.IsRevokedAsync(Token("t1", "g2"), CancellationToken.None));
            Assert.False(await replica.IsRevokedAsync(Token("t1", null), CancellationToken.None));
        }
    }

    [StorageFact]
    public async Task A_revocation_is_kept_until_the_last_token_of_the_grant_has_expired()
    {
        await AddAsync(Grant("g1", "alice", "web"));
        var longLived = Token("t1", "g1") with { ExpiresAt = _clock.GetUtcNow().AddDays(3) };
        Assert.True(await UseAsync("g1", longLived.ExpiresAt));
        Assert.True(await UseAsync("g1", _clock.GetUtcNow().AddMinutes(5)));
        await RevokeAsync(Revocations(), GrantFilter.Of(_realmId, "g1"));

        _clock.Advance(TimeSpan.FromDays(2));
        await new ExpiredRows(database.Database, TokenTables.All, _clock).RemoveAsync(CancellationToken.None);
        var later = Revocations();

        Assert.True(await later.IsRevokedAsync(longLived, CancellationToken.None));
        later.Sweep();
        Assert.True(await later.IsRevokedAsync(longLived, CancellationToken.None));
    }

    [StorageFact]
    public async Task Nothing_is_issued_from_a_grant_that_is_revoked_expired_or_unknown()
    {
        await AddAsync(Grant("g1", "alice", "web"), Grant("g2", "alice", "web"));
        await RevokeAsync(Revocations(), GrantFilter.Of(_realmId, "g1"));

        Assert.False(await UseAsync("g1", _clock.GetUtcNow()));
        Assert.False(await UseAsync("g3", _clock.GetUtcNow()));
        Assert.True(await UseAsync("g2", _clock.GetUtcNow()));
        _clock.Advance(TimeSpan.FromDays(31));
        Assert.False(await UseAsync("g2", _clock.GetUtcNow()));
        Assert.Empty(await AllAsync(new GrantFilter { RealmId = _realmId }));
    }

    [StorageFact]
    public async Task Of_many_that_revoke_a_grant_at_once_one_does_it()
    {
        await AddAsync([.. Enumerable.Range(0, 20).Select(i => Grant($"g{i:00}", "alice", "web"))]);
        var filter = new GrantFilter { RealmId = _realmId, UserId = "alice" };

        var counts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => RevokeAsync(Revocations(), filter))));

        Assert.Equal(20, counts.Sum());
        Assert.Empty(await AllAsync(filter));
    }

    private UserGrant Grant(string grantId, string userId, string clientId, string organizationId = "", params string[] scopes) => new()
    {
        RealmId = _realmId,
        GrantId = grantId,
        UserId = userId,
        ClientId = clientId,
        OrganizationId = organizationId,
        Scopes = [.. scopes],
        CreatedAt = _clock.GetUtcNow(),
        LastUsedAt = _clock.GetUtcNow(),
        TokensExpireAt = _clock.GetUtcNow().AddMinutes(5),
        ExpiresAt = Expiry,
    };

    private AccessToken Token(string tokenId, string? grantId) => TokenBench.Claims(_realmId) with
    {
        TokenId = tokenId,
        GrantId = grantId,
        Subject = Principal.User("alice"),
        ExpiresAt = _clock.GetUtcNow().AddMinutes(5),
    };

    private Revocations Revocations(TimeSpan? staleAfter = null) => new(
        database.Database, new RevocationStore(), new TokenOptions { RevocationStaleAfter = staleAfter ?? TimeSpan.FromDays(30) }, _clock);

    private RevokeGrants Revoker(Revocations revocations) =>
        new(database.Database, _store, revocations, AuditParts.Nobody(_clock), _clock, NullLogger<RevokeGrants>.Instance);

    private Task<int> RevokeAsync(Revocations revocations, GrantFilter filter) =>
        Revoker(revocations).ExecuteAsync(new Realm { RealmId = _realmId }, filter, Pltfrms.Iam.Token.Audit.Revoker.Reuse("", null, null), CancellationToken.None);

    private async Task AddAsync(params UserGrant[] grants)
    {
        await using var session = await database.Database.BeginWriteAsync(CancellationToken.None);
        foreach (var grant in grants)
        {
            await _store.AddAsync(session, grant, CancellationToken.None);
        }

        await session.CommitAsync(CancellationToken.None);
    }

    private GrantKey KeyOf(string grantId) => new(_realmId, grantId, Expiry);

    private async Task<UserGrant?> FindAsync(GrantKey key, DateTimeOffset now)
    {
        await using var session = await database.Database.OpenAsync(CancellationToken.None);
        return await _store.FindAsync(session, key, now, CancellationToken.None);
    }

    private async Task<bool> UseAsync(string grantId, DateTimeOffset tokensExpireAt)
    {
        await using var session = await database.Database.BeginWriteAsync(CancellationToken.None);
        var used = await _store.UseAsync(session, KeyOf(grantId), _clock.GetUtcNow(), tokensExpireAt, CancellationToken.None);
        await session.CommitAsync(CancellationToken.None);
        return used;
    }

    private async Task<IReadOnlyList<UserGrant>> AllAsync(GrantFilter filter)
    {
        await using var session = await database.Database.OpenAsync(CancellationToken.None);
        return await _store.ListAsync(session, filter, "", 100, _clock.GetUtcNow(), CancellationToken.None);
    }
}

public sealed class SqliteUserGrantTests(SqliteTokenDatabase database) : UserGrantContract(database), IClassFixture<SqliteTokenDatabase>;

[NeedsPostgres]
public sealed class PostgresUserGrantTests(PostgresTokenDatabase database) : UserGrantContract(database), IClassFixture<PostgresTokenDatabase>;
