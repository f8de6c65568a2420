using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token;
using Pltfrms.Iam.Token.Storage;
using Pltfrms.Iam.Token.Tokens.Revocation;
using Testing;
using Testing.Databases;
using Token.Tests.Hosting;

namespace Token.Tests.Tokens.Revocation;

/// <summary>What holds for revocations on either engine.</summary>
public abstract class RevocationContract(TestDatabase database)
{
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    private readonly string _realmId = $"realm-{Guid.NewGuid():n}";
    private readonly FakeClock _clock = new();
    private readonly RevocationStore _store = new();

    [StorageFact]
    public async Task A_revoked_token_is_revoked_at_once_on_this_replica_and_no_other_token_is()
    {
        var revocations = Replica(Never);

        Assert.False(await revocations.IsRevokedAsync(Token("t1"), CancellationToken.None));
        await revocations.RevokeAsync(Token("t1"), CancellationToken.None);

        Assert.True(await revocations.IsRevokedAsync(Token("t1"), CancellationToken.None));
        Assert.False(await revocations.IsRevokedAsync(Token("t2"), CancellationToken.None));
        Assert.False(await revocations.IsRevokedAsync(Token("t1") with { RealmId = _realmId + "-other" }, CancellationToken.None));
    }

    [StorageFact]
    public async Task Realms_that_nobody_uses_cost_nothing()
    {
        var counting = new CountingDatabase(database.Database);
        var rows = new ExpiredRows(counting, TokenTables.All, _clock);
        await rows.RemoveAsync(CancellationToken.None);
        var sessionsBefore = counting.Sessions;
        for (var i = 0; i < 100; i++)
        {
            await Replica(Never).RevokeAsync(Token($"t{i}") with { RealmId = $"{_realmId}-{i}" }, CancellationToken.None);
        }

        await rows.RemoveAsync(CancellationToken.None);
        await using var session = await database.Database.OpenAsync(CancellationToken.None);
        var heads = await _store.ListHeadsAsync(session, [$"{_realmId}-7", $"{_realmId}-nobody"], CancellationToken.None);

        Assert.Equal(2 * sessionsBefore, counting.Sessions);
        Assert.Equal($"{_realmId}-7", Assert.Single(heads).RealmId);
    }

    [StorageFact]
    public async Task A_clock_that_was_ahead_and_is_put_right_makes_no_revoked_token_good()
    {
        var clock = new TwoClocks(ahead: TimeSpan.Zero) { Put = TimeSpan.FromSeconds(60) };
        var revocations = new Revocations(database.Database, _store, new TokenOptions { RevocationStaleAfter = Never }, clock);
        var token = Token("t1") with { ExpiresAt = clock.True.AddSeconds(50) };
        await revocations.RevokeAsync(token, CancellationToken.None);
        revocations.Sweep();
        var anew = new Revocations(database.Database, _store, new TokenOptions { RevocationStaleAfter = Never }, clock);
        Assert.True(await anew.IsRevokedAsync(token, CancellationToken.None));

        clock.Put = TimeSpan.Zero;

        Assert.True(await revocations.IsRevokedAsync(token, CancellationToken.None));
    }

    [StorageFact]
    public async Task A_realm_that_is_let_go_of_is_read_again()
    {
        var revocations = Replica(Never);
        await revocations.RevokeAsync(Token("t1"), CancellationToken.None);

        revocations.Forget(_realmId);

        Assert.True(await revocations.IsRevokedAsync(Token("t1"), CancellationToken.None));
    }

    [StorageFact]
    public async Task Another_replica_sees_it_with_its_next_refresh()
    {
        var (here, there) = (Replica(Never), Replica(Never));
        Assert.False(await there.IsRevokedAsync(Token("t1"), CancellationToken.None));

        await here.RevokeAsync(Token("t1"), CancellationToken.None);
        Assert.False(await there.IsRevokedAsync(Token("t1"), CancellationToken.None));
        await there.RefreshAsync(CancellationToken.None);

        Assert.True(await there.IsRevokedAsync(Token("t1"), CancellationToken.None));
    }

    [StorageFact]
    public async Task A_replica_that_knows_it_is_stale_asks_the_database()
    {
        var (here, there) = (Replica(Never), Replica(TimeSpan.Zero));
        Assert.False(await there.IsRevokedAsync(Token("t1"), CancellationToken.None));

        await here.RevokeAsync(Token("t1"), CancellationToken.None);

        Assert.True(await there.IsRevokedAsync(Token("t1"), CancellationToken.None));
        Assert.False(await there.IsRevokedAsync(Token("t2"), CancellationToken.None));
    }

    [StorageFact]
    public async Task A_replica_that_starts_later_knows_all()
    {
        await Replica(Never).RevokeAsync(Token("t1"), CancellationToken.None);
        await Replica(Never).RevokeAsync(Token("t2"), CancellationToken.None);

        var later = Replica(Never);

        Assert.True(await later.IsRevokedAsync(Token("t1"), CancellationToken.None));
        Assert.True(await later.IsRevokedAsync(Token("t2"), CancellationToken.None));
    }

    [StorageFact]
    public async Task Revoking_again_changes_nothing()
    {
        await Replica(Never).RevokeAsync(Token("t1"), CancellationToken.None);
        await Replica(Never).RevokeAsync(Token("t1"), CancellationToken.None);

        Assert.Equal(["t1"], (await ListAsync(after: 0)).Select(r => r.TokenId));
    }

    [StorageFact]
    public async Task Numbers_become_visible_in_their_order_under_concurrent_revocations()
    {
        var replicas = Enumerable.Range(0, 4).Select(_ => Replica(Never)).ToList();
        var watching = Replica(Never);
        Assert.False(await watching.IsRevokedAsync(Token("t0"), CancellationToken.None));

        var revoking = Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
            Task.Run(() => replicas[i % 4].RevokeAsync(Token($"t{i}"), CancellationToken.None))));
        while (!revoking.IsCompleted)
        {
            await watching.RefreshAsync(CancellationToken.None);
        }

        await revoking;
        await watching.RefreshAsync(CancellationToken.None);

        for (var i = 0; i < 40; i++)
        {
            Assert.True(await watching.IsRevokedAsync(Token($"t{i}"), CancellationToken.None), $"t{i}");
        }

        var numbers = (await ListAsync(after: 0)).Select(r => r.Sequence).ToList();
        Assert.Equal(Enumerable.Range(0, 40).Select(i => numbers[0] + i), numbers);
        Assert.Equal(numbers[38..], (await ListAsync(after: numbers[37])).Select(r => r.Sequence));
    }

    [StorageFact]
    public async Task A_replica_that_remembers_a_realm_misses_nothing_of_another_that_was_made_under_its_id()
    {
        var watching = Replica(Never);
        await Replica(Never).RevokeAsync(Token("t1"), CancellationToken.None);
        await Replica(Never).RevokeAsync(Token("t2"), CancellationToken.None);
        Assert.True(await watching.IsRevokedAsync(Token("t2"), CancellationToken.None));
        await ExecuteAsync("delete from revocation where realm_id = @realmId", new { realmId = _realmId });
        await ExecuteAsync("delete from revocation_head where realm_id = @realmId", new { realmId = _realmId });
        _clock.Advance(TimeSpan.FromMinutes(1));
        foreach (var tokenId in new[] { "n1", "n2", "n3" })
        {
            await Replica(Never).RevokeAsync(Token(tokenId), CancellationToken.None);
        }

        await watching.RefreshAsync(CancellationToken.None);

        foreach (var tokenId in new[] { "n1", "n2", "n3" })
        {
            Assert.True(await watching.IsRevokedAsync(Token(tokenId), CancellationToken.None), tokenId);
        }
    }

    [StorageFact]
    public async Task A_database_restored_from_a_backup_is_read_again_from_the_start()
    {
        var watching = Replica(Never);
        await Replica(Never).RevokeAsync(Token("t1"), CancellationToken.None);
        await Replica(Never).RevokeAsync(Token("t2"), CancellationToken.None);
        Assert.True(await watching.IsRevokedAsync(Token("t2"), CancellationToken.None));
        await ExecuteAsync("delete from revocation where realm_id = @realmId", new { realmId = _realmId });
        await ExecuteAsync("delete from revocation_head where realm_id = @realmId", new { realmId = _realmId });
        await Replica(Never).RevokeAsync(Token("t3"), CancellationToken.None);

        await watching.RefreshAsync(CancellationToken.None);

        Assert.True(await watching.IsRevokedAsync(Token("t3"), CancellationToken.None));
    }

    [StorageFact]
    public async Task Expired_revocations_are_removed_and_the_others_stay()
    {
        await Replica(Never).RevokeAsync(Token("old") with { ExpiresAt = _clock.GetUtcNow().AddDays(-2) }, CancellationToken.None);
        await Replica(Never).RevokeAsync(Token("new"), CancellationToken.None);
        var partitions = new ExpiredRows(database.Database, TokenTables.All, _clock);

        await partitions.RemoveAsync(CancellationToken.None);
        await partitions.RemoveAsync(CancellationToken.None);

        await using var session = await database.Database.OpenAsync(CancellationToken.None);
        var left = await session.QueryAsync<string>(
            "select token_id from revocation where realm_id = @realmId", new { realmId = _realmId }, CancellationToken.None);
        Assert.Equal(["new"], left);
    }

    protected Revocations Replica(TimeSpan staleAfter) =>
        new(database.Database, _store, new TokenOptions { RevocationStaleAfter = staleAfter }, _clock);

    protected AccessToken Token(string tokenId) =>
        TokenBench.Claims(_realmId) with { TokenId = tokenId, ExpiresAt = _clock.GetUtcNow().AddMinutes(5) };

    protected FakeClock Clock => _clock;

    private async Task<IReadOnlyList<RevocationRow>> ListAsync(long after)
    {
        await using var session = await database.Database.OpenAsync(CancellationToken.None);
        return await _store.ListAfterAsync(session, _realmId, after, _clock.GetUtcNow(), CancellationToken.None);
    }

    private async Task ExecuteAsync(string sql, object parameters)
    {
        await using var session = await database.Database.BeginWriteAsync(CancellationToken.None);
        await session.ExecuteAsync(sql, parameters, CancellationToken.None);
        await session.CommitAsync(CancellationToken.None);
    }
}

public sealed class SqliteRevocationTests(SqliteTokenDatabase database) : RevocationContract(database), IClassFixture<SqliteTokenDatabase>;

[NeedsPostgres]
public sealed class PostgresRevocationTests(PostgresTokenDatabase database) : RevocationContract(database), IClassFixture<PostgresTokenDatabase>
{
    private readonly PostgresTokenDatabase _database = database;

    [StorageFact]
    public async Task Days_get_partitions_ahead_of_time_and_lose_them_when_past()
    {
        var partitions = new ExpiredRows(_database.Database, TokenTables.All, Clock);
        await Replica(TimeSpan.FromHours(1)).RevokeAsync(Token("early"), CancellationToken.None);

        await partitions.RemoveAsync(CancellationToken.None);
        var atFirst = await PartitionsAsync();
        var early = await ContentsAsync("revocation_p20260101");
        Clock.Advance(TimeSpan.FromDays(2));
        await partitions.RemoveAsync(CancellationToken.None);
        var twoDaysLater = await PartitionsAsync();
        Clock.Advance(TimeSpan.FromDays(-2));

        Assert.Equal(Enumerable.Range(1, 8).Select(day => $"revocation_p202601{day:00}"), atFirst);
        Assert.Contains("early", early);
        Assert.Equal(Enumerable.Range(3, 8).Select(day => $"revocation_p202601{day:00}"), twoDaysLater);
    }

    private async Task<IReadOnlyList<string>> PartitionsAsync()
    {
        await using var session = await _database.Database.OpenAsync(CancellationToken.None);
        return await session.QueryAsync<string>(
            "select relname from pg_class where relkind = 'r' and relname like 'revocation\\_p%' order by relname", null, CancellationToken.None);
    }

    private async Task<IReadOnlyList<string>> ContentsAsync(string partition)
    {
        await using var session = await _database.Database.OpenAsync(CancellationToken.None);
        return await session.QueryAsync<string>($"select token_id from {partition}", null, CancellationToken.None);
    }
}

public sealed class RevocationOutageTests
{
    [Fact]
    public async Task A_stale_replica_without_a_database_says_so_instead_of_guessing()
    {
        var database = new SqliteTokenDatabase();
        await database.InitializeAsync();
        var clock = new FakeClock();
        Revocations Replica(TimeSpan staleAfter) => new(database.Database, new RevocationStore(), new TokenOptions { RevocationStaleAfter = staleAfter }, clock);
        var (fresh, stale, unused) = (Replica(TimeSpan.FromHours(1)), Replica(TimeSpan.Zero), Replica(TimeSpan.FromHours(1)));
        var (revoked, live) = (TokenBench.Claims("demo") with { TokenId = "revoked" }, TokenBench.Claims("demo"));
        await fresh.RevokeAsync(revoked, CancellationToken.None);
        Assert.True(await stale.IsRevokedAsync(revoked, CancellationToken.None));

        database.Stop();

        Assert.False(await fresh.IsRevokedAsync(live, CancellationToken.None));
        Assert.True(await stale.IsRevokedAsync(revoked, CancellationToken.None));
        Assert.Equal(ErrorReason.StorageUnavailable, (await Refusal(() => stale.IsRevokedAsync(live, CancellationToken.None).AsTask())).Reason);
        Assert.Equal(ErrorReason.StorageUnavailable, (await Refusal(() => unused.IsRevokedAsync(live, CancellationToken.None).AsTask())).Reason);
        Assert.Equal(ErrorReason.StorageUnavailable, (await Refusal(() => fresh.RevokeAsync(live, CancellationToken.None))).Reason);
        Assert.False(await fresh.IsRevokedAsync(live, CancellationToken.None));
        database.Start();
        Assert.False(await unused.IsRevokedAsync(live, CancellationToken.None));
        await database.DisposeAsync();
    }

    private static Task<IamException> Refusal(Func<Task> act) => Assert.ThrowsAsync<IamException>(act);
}
