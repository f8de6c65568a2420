using System.Text.Json;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Token;
using Pltfrms.Iam.Token.Audit;
using Testing;
using Testing.Databases;
using Token.Tests.Hosting;

namespace Token.Tests.Audit;

/// <summary>What was written when each event had a row of its own is still there, still linked, and found by all that it was found by.</summary>
public abstract class TokenEventMigrationContract(TestDatabase database)
{
    private const string AddSql = """
        insert into token_event (
            realm_id, event_id, sequence, happened_at, expires_at, kind, client_id, user_id, token_id, family_id, details, chain_id, chain_number, hash)
        values (
            @RealmId, @EventId, @Sequence, @HappenedAt, @ExpiresAt, @Kind, @ClientId, @UserId, @TokenId, @FamilyId, @Details, @ChainId, @ChainNumber, @Hash)
        """;

    private readonly FakeClock _clock = new();

    [StorageFact]
    public async Task Rows_become_batches_of_which_an_auditor_reads_the_same()
    {
        var rows = Rows("old").ToList();
        await GoBackAsync(rows);
        await new Migrator(database.Database, typeof(TokenHost).Assembly, _clock).MigrateAsync(CancellationToken.None);

        await using var session = await database.Database.OpenAsync(CancellationToken.None);
        Assert.Equal(rows, await ListAsync(new() { RealmId = "old", OldestFirst = true }));
        Assert.Equal(rows.Where(row => row.UserId == "carol").Reverse(), await ListAsync(new() { RealmId = "old", UserId = "carol" }));
        Assert.Equal(
            rows.Where(row => row.ClientId == "odd \"client\" ü").Reverse(), await ListAsync(new() { RealmId = "old", ClientId = "odd \"client\" ü" }));
        Assert.Equal(rows.Where(row => row.FamilyId == "grant").Reverse(), await ListAsync(new() { RealmId = "old", Families = ["grant"] }));
        Assert.Equal(
            rows.Where(row => row.Kind == "Refused").Reverse(), await ListAsync(new() { RealmId = "old", Kind = TokenEventKind.Refused }));
        Assert.Equal(rows[100], await new TokenEventStore().FindAsync(session, "old", rows[100].EventId, CancellationToken.None));
        Assert.Equal(9, await session.QuerySingleOrDefaultAsync<long>("select count(1) from token_event_batch where realm_id = 'old'", null, CancellationToken.None));

        var verifier = new TokenEventVerifier("old", anchor: null);
        Assert.All(await ListAsync(new() { RealmId = "old", OldestFirst = true }), row => Assert.Null(verifier.Next(row)));
        Assert.Equal((300, 2, rows[^1].Hash), (verifier.Events, verifier.Chains, verifier.Head));
    }

    /// <summary>Of two replicas, in nine runs of no more than 64.</summary>
    private IEnumerable<TokenEventRow> Rows(string realmId)
    {
        var heads = new Dictionary<string, (long Number, string Hash)> { ["one"] = (0, ""), ["two"] = (0, "") };
        var start = _clock.GetUtcNow();
        for (var i = 0; i < 300; i++)
        {
            var chainId = (i is >= 100 and < 200 && i / 20 % 2 == 1) || i is >= 200 and < 225 ? "two" : "one";
            var (number, hash) = heads[chainId];
            var row = new TokenEventRow
            {
                RealmId = realmId,
                EventId = Guid.CreateVersion7(start.AddMilliseconds(i * 20)).ToString("N"),
                Sequence = 1_000_000 + i,
                HappenedAt = start.AddMilliseconds(i * 20),
                ExpiresAt = start.AddDays(90).AddMilliseconds(i * 20),
                Kind = i % 7 == 0 ? "Refused" : "Issued",
                ClientId = i % 5 == 0 ? "odd \"client\" ü" : "demo-service",
                UserId = i % 11 == 0 ? "carol" : "",
                TokenId = "",
                FamilyId = i % 13 == 0 ? "grant" : "",
                Details = JsonSerializer.Serialize(new { grant_type = "client_credentials", reason = "a \"reason\" <ü>" }),
                ChainId = chainId,
                ChainNumber = number + 1,
            };
            row = row with { Hash = TokenEventChains.HashOf(hash, row) };
            heads[chainId] = (row.ChainNumber, row.Hash);
            yield return row;
        }
    }

    /// <summary>Makes the tables of before, with these rows in them.</summary>
    private async Task GoBackAsync(IReadOnlyList<TokenEventRow> rows)
    {
        await using var session = await database.Database.BeginWriteAsync(CancellationToken.None);
        foreach (var table in new[] { "token_event_key", "token_event_batch", "token_event_head" })
        {
            await session.ExecuteAsync($"drop table {table}", null, CancellationToken.None);
        }

        await session.ExecuteAsync(Migration("V075__token_events.sql"), null, CancellationToken.None);
        await session.ExecuteEachAsync(AddSql, rows, CancellationToken.None);
        await session.ExecuteAsync("delete from schema_version where version = 90", null, CancellationToken.None);
        await session.CommitAsync(CancellationToken.None);
    }

    private string Migration(string name)
    {
        var engine = database.Database.Engine == DatabaseEngine.Postgres ? "postgres" : "sqlite";
        var resource = typeof(TokenHost).Assembly.GetManifestResourceNames().Single(resource => resource.EndsWith($".{engine}.{name}", StringComparison.Ordinal));
        using var reader = new StreamReader(typeof(TokenHost).Assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }

    private Task<IReadOnlyList<TokenEventRow>> ListAsync(TokenEventFilter filter) => AuditParts.ListAsync(database.Database, filter, _clock);
}

public sealed class SqliteTokenEventMigrationTests(SqliteTokenDatabase database) : TokenEventMigrationContract(database), IClassFixture<SqliteTokenDatabase>;

[NeedsPostgres]
public sealed class PostgresTokenEventMigrationTests(PostgresTokenDatabase database) : TokenEventMigrationContract(database), IClassFixture<PostgresTokenDatabase>;
