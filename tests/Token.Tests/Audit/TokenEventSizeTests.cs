using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Audit;
using Testing;
using Testing.Databases;
using Token.Tests.Hosting;

namespace Token.Tests.Audit;

/// <summary>What a busy realm's trail takes on the disk.</summary>
[NeedsPostgres]
public sealed class TokenEventSizeTests(PostgresTokenDatabase database) : IClassFixture<PostgresTokenDatabase>
{
    private const string MethodSql = """
        select case when 'lz4' = any(enumvals) then 'lz4' else '' end from pg_settings where name = 'default_toast_compression'
        """;

    private const string StoredSql = """
        select coalesce(pg_column_compression(events), '') as method, octet_length(events) as length, pg_column_size(events) as size
        from token_event_batch where realm_id = @RealmId
        """;

    private readonly FakeClock _clock = new();

    [StorageFact]
    public async Task A_full_batch_is_compressed_where_the_server_can_and_reads_as_it_was_written()
    {
        var realm = new Realm { RealmId = $"busy-{Guid.NewGuid():n}" };
        var events = Enumerable.Range(0, 40).Select(_ => TokenEventRecord.Of(AuditParts.Issued(realm, AuditParts.NewId(), _clock.GetUtcNow()))).ToList();
        using var chains = new TokenEventChains();
        var store = new TokenEventStore();
        await store.AddAsync(database.Database, chains.Link(events), _clock.GetUtcNow(), CancellationToken.None);

        await using var session = await database.Database.OpenAsync(CancellationToken.None);
        var method = await session.QuerySingleOrDefaultAsync<string>(MethodSql, null, CancellationToken.None);
        var stored = Assert.Single(await session.QueryAsync<Stored>(StoredSql, new { realm.RealmId }, CancellationToken.None));
        var rows = await AuditParts.ListAsync(database.Database, new() { RealmId = realm.RealmId, OldestFirst = true }, _clock);

        Assert.Equal(method, stored.Method);
        Assert.InRange(stored.Size, 1, method == "lz4" ? stored.Length / 2 : stored.Length);
        Assert.Equal(events.Select(happened => happened.EventId), rows.Select(row => row.EventId));
        var verifier = new TokenEventVerifier(realm.RealmId, anchor: rows[^1].Hash);
        Assert.All(rows, row => Assert.Null(verifier.Next(row)));
        Assert.Null(verifier.End());
    }

    private sealed record Stored
    {
        public required string Method { get; init; }

        public required int Length { get; init; }

        public required int Size { get; init; }
    }
}
