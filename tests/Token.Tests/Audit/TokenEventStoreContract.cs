using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Audit;
using Testing;
using Testing.Databases;
using Token.Tests.Hosting;

namespace Token.Tests.Audit;

/// <summary>How batches are added on either engine: alone, as a busy realm's are, or those of several realms at once.</summary>
public abstract class TokenEventStoreContract(TestDatabase database)
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(60);

    private readonly FakeClock _clock = new();
    private readonly TokenEventStore _store = new();
    private readonly Realm _realm = new() { RealmId = $"one-{Guid.NewGuid():n}" };
    private readonly Realm _other = new() { RealmId = $"other-{Guid.NewGuid():n}" };

    [StorageFact]
    public async Task Batches_alone_and_together_share_a_realms_numbers_without_a_gap_and_are_found_by_their_keys()
    {
        var added = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(() => AddAsync(EventsOf(i))))).WaitAsync(LongEnough);

        foreach (var realm in new[] { _realm, _other })
        {
            var ids = added.SelectMany(events => events).Where(happened => happened.RealmId == realm.RealmId).Select(happened => happened.EventId).ToList();
            var rows = await ListAsync(new() { RealmId = realm.RealmId, OldestFirst = true });
            Assert.Equal(Enumerable.Range(0, ids.Count).Select(i => rows[0].Sequence + i), rows.Select(row => row.Sequence));
            Assert.Equal(ids.Order(), rows.Select(row => row.EventId).Order());
            var ofClient = await ListAsync(new() { RealmId = realm.RealmId, OldestFirst = true, ClientId = "demo-service" });
            Assert.Equal(rows.Select(row => row.EventId), ofClient.Select(row => row.EventId));
            await using var session = await database.Database.OpenAsync(CancellationToken.None);
            foreach (var row in rows)
            {
                Assert.Equal(row, await _store.FindAsync(session, realm.RealmId, row.EventId, CancellationToken.None));
            }
        }
    }

    /// <summary>Some of one realm, in one batch; every third time some of both, in several.</summary>
    private IReadOnlyList<TokenEventRecord> EventsOf(int turn) =>
    [
        .. Some(turn % 2 == 0 ? _realm : _other, 1 + (turn % 4)),
        .. turn % 3 == 0 ? Some(_other, 2) : [],
        .. turn % 3 == 0 ? Some(_realm, TokenEventBatch.Most + 1) : [],
    ];

    private IEnumerable<TokenEventRecord> Some(Realm realm, int count) =>
        Enumerable.Range(0, count).Select(_ => TokenEventRecord.Of(AuditParts.Issued(realm, AuditParts.NewId(), _clock.GetUtcNow())));

    /// <summary>As a replica of its own.</summary>
    private async Task<IReadOnlyList<TokenEventRecord>> AddAsync(IReadOnlyList<TokenEventRecord> events)
    {
        using var chains = new TokenEventChains();
        await _store.AddAsync(database.Database, chains.Link(events), _clock.GetUtcNow(), CancellationToken.None);
        return events;
    }

    private Task<IReadOnlyList<TokenEventRow>> ListAsync(TokenEventFilter filter) => AuditParts.ListAsync(database.Database, filter, _clock);
}

public sealed class SqliteTokenEventStoreTests(SqliteTokenDatabase database) : TokenEventStoreContract(database), IClassFixture<SqliteTokenDatabase>;

[NeedsPostgres]
public sealed class PostgresTokenEventStoreTests(PostgresTokenDatabase database) : TokenEventStoreContract(database), IClassFixture<PostgresTokenDatabase>;
