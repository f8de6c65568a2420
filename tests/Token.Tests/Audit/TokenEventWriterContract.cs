using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Audit;
using Testing;
using Testing.Databases;
using Token.Tests.Hosting;
using static Testing.Waiting;

namespace Token.Tests.Audit;

/// <summary>How events get to the disk, on either engine: together, once, and before the answer where the realm says so.</summary>
public abstract class TokenEventWriterContract(TestDatabase database) : IAsyncLifetime
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(30);

    private readonly FakeClock _clock = new();
    private readonly Realm _durable = new() { RealmId = $"durable-{Guid.NewGuid():n}", AuditSettings = new() { DurableAudit = true } };
    private readonly Realm _usual = new() { RealmId = $"usual-{Guid.NewGuid():n}" };
    private GatedDatabase _gated = null!;
    private AuditParts _parts = null!;

    public Task InitializeAsync()
    {
        if (PostgresInstallation.SkipReason is null || database is SqliteTestDatabase)
        {
            _gated = new GatedDatabase(database.Database);
            _parts = new AuditParts(_gated, _clock, queueLength: 5_000);
        }

        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        if (_parts is not null)
        {
            _gated.Open();
            _gated.IsAway = false;
            await _parts.Writer.StopAsync(CancellationToken.None);
            _parts.Writer.Dispose();
        }
    }

    [StorageFact]
    public async Task Requests_that_wait_for_the_disk_at_once_share_one_transaction()
    {
        await _parts.Writer.StartAsync(CancellationToken.None);
        _gated.Close();
        var first = AddAsync(_durable, AuditParts.NewId());
        await UntilAsync(() => _gated.Sessions == 1);
        var crowd = Enumerable.Range(0, 500).Select(_ => AddAsync(_durable, AuditParts.NewId())).ToList();
        Assert.All(crowd, waiting => Assert.False(waiting.IsCompleted));

        _gated.Open();
        await Task.WhenAll(crowd.Append(first)).WaitAsync(LongEnough);

        Assert.Equal(2, _gated.Sessions);
        Assert.Equal(501, (await AllAsync(_durable)).Count);
    }

    [StorageFact]
    public async Task Nobody_waits_where_the_audit_is_not_durable_and_what_comes_in_a_moment_is_written_together()
    {
        for (var i = 0; i < 1_000; i++)
        {
            Assert.True(AddAsync(_usual, AuditParts.NewId()).IsCompletedSuccessfully);
        }

        await _parts.Writer.StartAsync(CancellationToken.None);
        await UntilAsync(async () => (await AllAsync(_usual)).Count == 1_000);

        Assert.Equal(1, _gated.Sessions);
    }

    [StorageFact]
    public async Task While_the_database_is_away_a_durable_realm_gets_no_answer_and_another_goes_on_and_loses_nothing()
    {
        await _parts.Writer.StartAsync(CancellationToken.None);
        _gated.IsAway = true;
        var held = Enumerable.Range(0, 50).Select(_ => AuditParts.NewId()).ToList();

        foreach (var tokenId in held)
        {
            Assert.True(AddAsync(_usual, tokenId).IsCompletedSuccessfully);
            var refused = await Assert.ThrowsAsync<IamException>(() => AddAsync(_durable, AuditParts.NewId()));
            Assert.Equal(ErrorReason.StorageUnavailable, refused.Reason);
        }

        _gated.IsAway = false;
        await UntilAsync(async () => (await AllAsync(_usual)).Count == held.Count);

        Assert.Equal(held, (await AllAsync(_usual)).Select(row => row.TokenId));
        Assert.Empty(await AllAsync(_durable));
        await UntilAsync(() => _parts.Lines.Contains("Token events are written again."));
        await AddAsync(_durable, AuditParts.NewId());
        Assert.Single(await AllAsync(_durable));
    }

    [StorageFact]
    public async Task A_durable_realm_gets_answers_again_by_itself_where_it_is_the_only_one()
    {
        await _parts.Writer.StartAsync(CancellationToken.None);
        _gated.IsAway = true;
        await Assert.ThrowsAsync<IamException>(() => AddAsync(_durable, AuditParts.NewId()));
        _gated.IsAway = false;

        await UntilAsync(() => _parts.Lines.Contains("Token events are written again."));
        await AddAsync(_durable, AuditParts.NewId());

        Assert.Single(await AllAsync(_durable));
    }

    [StorageFact]
    public async Task What_was_written_when_the_answer_got_lost_is_not_written_twice()
    {
        await _parts.Writer.StartAsync(CancellationToken.None);
        _gated.IsAway = true;
        var (there, missing) = (AuditParts.Issued(_usual, AuditParts.NewId(), _clock.GetUtcNow()), AuditParts.Issued(_usual, AuditParts.NewId(), _clock.GetUtcNow()));
        await _parts.Queue.AddAsync(there, CancellationToken.None);
        await _parts.Queue.AddAsync(missing, CancellationToken.None);
        await UntilAsync(() => _parts.Queue.IsStuck);
        using var chains = new TokenEventChains();
        await new TokenEventStore().AddAsync(database.Database, chains.Link([TokenEventRecord.Of(there)]), _clock.GetUtcNow(), CancellationToken.None);

        _gated.IsAway = false;
        await UntilAsync(() => _parts.Lines.Contains("Token events are written again."));

        Assert.Equal([there.Token!.TokenId, missing.Token!.TokenId], (await AllAsync(_usual)).Select(row => row.TokenId));
    }

    [StorageFact]
    public async Task More_than_there_is_room_for_in_an_outage_is_dropped_counted_and_told_and_nobody_fails()
    {
        var parts = new AuditParts(_gated, _clock, queueLength: 10);
        await parts.Writer.StartAsync(CancellationToken.None);
        _gated.IsAway = true;
        await parts.Queue.AddAsync(AuditParts.Issued(_usual, AuditParts.NewId(), _clock.GetUtcNow()), CancellationToken.None);
        await UntilAsync(() => parts.Queue.IsStuck);
        _gated.Close();
        for (var i = 0; i < 100; i++)
        {
            await parts.Queue.AddAsync(AuditParts.Issued(_usual, AuditParts.NewId(), _clock.GetUtcNow()), CancellationToken.None);
        }

        _gated.IsAway = false;
        _gated.Open();
        await UntilAsync(() => parts.Lines.Any(line => line.Contains("were dropped", StringComparison.Ordinal)));
        await parts.Writer.StopAsync(CancellationToken.None);
        parts.Writer.Dispose();

        var told = parts.Lines.Where(line => line.Contains("were dropped", StringComparison.Ordinal))
            .Sum(line => int.Parse(line.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture));
        Assert.InRange(told, 1, 90);
        Assert.Equal(101 - told, (await AllAsync(_usual)).Count);
    }

    [StorageFact]
    public async Task A_service_that_stops_writes_what_it_has()
    {
        await _parts.Writer.StartAsync(CancellationToken.None);
        for (var i = 0; i < 100; i++)
        {
            await _parts.Queue.AddAsync(AuditParts.Issued(_usual, AuditParts.NewId(), _clock.GetUtcNow()), CancellationToken.None);
        }

        await _parts.Writer.StopAsync(CancellationToken.None);

        Assert.Equal(100, (await AllAsync(_usual)).Count);
    }

    [StorageFact]
    public async Task What_was_committed_when_the_connection_broke_is_not_written_twice()
    {
        await _parts.Writer.StartAsync(CancellationToken.None);
        _gated.LosesAnswers = true;
        var written = Enumerable.Range(0, 100).Select(_ => AuditParts.NewId()).ToList();
        foreach (var tokenId in written)
        {
            await AddAsync(_usual, tokenId);
        }

        await UntilAsync(() => _parts.Queue.IsStuck);
        var late = AuditParts.NewId();
        await AddAsync(_usual, late);
        _gated.LosesAnswers = false;
        await UntilAsync(async () => (await AllAsync(_usual)).Any(row => row.TokenId == late));

        Assert.Equal([.. written, late], (await AllAsync(_usual)).Select(row => row.TokenId));
    }

    [StorageFact]
    public async Task An_event_that_cannot_be_written_stops_no_other()
    {
        // Nobody can tell when it expires.
        var endless = _usual with { AuditSettings = new() { TokenEventRetention = TimeSpan.MaxValue } };
        var others = Enumerable.Range(0, 5).Select(_ => AuditParts.Issued(_usual, AuditParts.NewId(), _clock.GetUtcNow())).ToList();
        var broken = AuditParts.Issued(endless, AuditParts.NewId(), _clock.GetUtcNow());
        foreach (var happened in others.Take(3).Append(broken).Concat(others.Skip(3)))
        {
            await _parts.Queue.AddAsync(happened, CancellationToken.None);
        }

        var waiting = AddAsync(_durable, AuditParts.NewId());
        await _parts.Writer.StartAsync(CancellationToken.None);
        await waiting.WaitAsync(LongEnough);

        Assert.Equal(others.Select(happened => happened.Token!.TokenId), (await AllAsync(_usual)).Select(row => row.TokenId));
        Assert.Single(await AllAsync(_durable));
        Assert.Contains("Token events could not be written together and are written one by one.", _parts.Lines);
        Assert.Contains($"Realm {_usual.RealmId}: a token event of kind Issued could not be written.", _parts.Lines);
    }

    [StorageFact]
    public async Task Two_replicas_that_write_for_one_realm_share_its_numbers_without_a_gap_and_keep_chains_that_hold()
    {
        var other = new AuditParts(database.Database, _clock, queueLength: 5_000);
        await _parts.Writer.StartAsync(CancellationToken.None);
        await other.Writer.StartAsync(CancellationToken.None);

        var added = Enumerable.Range(0, 400).Select(i => Task.Run(async () =>
        {
            var parts = i % 2 == 0 ? _parts : other;
            await parts.Queue.AddAsync(AuditParts.Issued(_durable, AuditParts.NewId(), _clock.GetUtcNow()), CancellationToken.None);
        }));
        await Task.WhenAll(added).WaitAsync(LongEnough);
        await other.Writer.StopAsync(CancellationToken.None);
        other.Writer.Dispose();

        var rows = await AllAsync(_durable);
        Assert.Equal(400, rows.Count);
        Assert.Equal(Enumerable.Range(0, 400).Select(i => rows[0].Sequence + i), rows.Select(row => row.Sequence));
        var chains = rows.GroupBy(row => row.ChainId).ToList();
        Assert.Equal(2, chains.Count);
        Assert.All(chains, chain => Assert.Null(BrokenAt([.. chain])));
        var changed = chains[0].Select(row => row.ChainNumber == 7 ? row with { ClientId = "somebody-else" } : row).ToList();
        Assert.Equal(7, BrokenAt(changed));
        Assert.Equal(8, BrokenAt([.. chains[0].Where(row => row.ChainNumber != 7)]));
    }

    /// <summary>The first link that does not follow from the one before; null: all do.</summary>
    private static long? BrokenAt(IReadOnlyList<TokenEventRow> chain)
    {
        var (hash, number) = ("", 0L);
        foreach (var row in chain)
        {
            if (row.ChainNumber != number + 1 || row.Hash != TokenEventChains.HashOf(hash, row))
            {
                return row.ChainNumber;
            }

            (hash, number) = (row.Hash, row.ChainNumber);
        }

        return null;
    }

    private Task AddAsync(Realm realm, string tokenId) =>
        _parts.Queue.AddAsync(AuditParts.Issued(realm, tokenId, _clock.GetUtcNow()), CancellationToken.None).AsTask();

    private Task<IReadOnlyList<TokenEventRow>> AllAsync(Realm realm) =>
        AuditParts.ListAsync(database.Database, new() { RealmId = realm.RealmId, OldestFirst = true }, _clock);
}

public sealed class SqliteTokenEventWriterTests(SqliteTokenDatabase database) : TokenEventWriterContract(database), IClassFixture<SqliteTokenDatabase>;

[NeedsPostgres]
public sealed class PostgresTokenEventWriterTests(PostgresTokenDatabase database) : TokenEventWriterContract(database), IClassFixture<PostgresTokenDatabase>;
