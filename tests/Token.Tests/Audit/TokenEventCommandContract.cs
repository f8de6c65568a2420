using System.Globalization;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Audit;
using Testing;
using Testing.Databases;
using Token.Tests.Hosting;

namespace Token.Tests.Audit;

/// <summary>The commands that verify what happened to tokens, in the database and offline.</summary>
public abstract class TokenEventCommandContract(TestDatabase database) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Realm _realm = new() { RealmId = $"realm-{Guid.NewGuid():n}" };
    private readonly FakeClock _clock = new();

    private string Export => _folder.File("events.jsonl");

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [StorageFact]
    public async Task Whole_chains_of_two_replicas_hold_in_the_database_and_in_an_export()
    {
        var rows = await WriteAsync();
        Assert.Equal((0, ""), await RunAsync("export-token-events", "--realm", _realm.RealmId, "--file", Export));

        Assert.Equal((0, $"{_realm.RealmId}: the chains hold, 6 events in 2 chains, head {rows[^1].Hash}.\n"), await RunAsync("verify-token-events", "--realm", _realm.RealmId));
        Assert.Equal((0, $"{Export}: the chains hold, 6 events in 2 chains, head {rows[^1].Hash}.\n"), await RunAsync("verify-token-events", "--file", Export, "--anchor", rows[2].Hash));
    }

    [StorageFact]
    public async Task What_was_changed_removed_or_moved_is_named_and_what_was_cut_off_where_it_is_anchored()
    {
        var rows = await WriteAsync();
        await RunAsync("export-token-events", "--realm", _realm.RealmId, "--file", Export);
        var lines = await File.ReadAllLinesAsync(Export);

        Assert.Equal(Broken(rows[3], "its hash does not follow from its fields and the hash before"), await VerifyAsync([.. lines[..3], lines[3].Replace("demo-service", "demo-other", StringComparison.Ordinal), .. lines[4..]]));
        Assert.Equal(
            Broken(rows[4], "events before it are missing: they were removed, or expired before older ones because the realm keeps events for less long than it did"),
            await VerifyAsync([.. lines[..3], .. lines[4..]]));
        Assert.Equal(Broken(rows[1], "the events are not in their order, or one is there twice"), await VerifyAsync([.. lines[..3], lines[1], .. lines[3..]]));
        Assert.Equal(0, (await VerifyAsync(lines[..5])).Code);
        Assert.Equal(
            (1, $"{Export}: broken: no event has the anchor's hash {rows[5].Hash}; it has expired or was removed, or its chain was written anew.\n"),
            await RunAsync("verify-token-events", "--file", Export, "--anchor", rows[5].Hash));
        // The oldest expire.
        Assert.Equal(0, (await VerifyAsync(lines[2..])).Code);
        Assert.Equal(1, (await VerifyAsync(["{}"])).Code);
    }

    [StorageFact]
    public async Task What_is_no_command_line_or_has_no_events_is_told()
    {
        foreach (var arguments in new string[][]
        {
            ["verify-token-events"],
            ["verify-token-events", "--realm"],
            ["export-token-events", "--realm", "demo", "--what", "x"],
            ["verify-token-events", "--file", _folder.File("nothing")],
            ["verify-token-events", "--realm", _realm.RealmId],
        })
        {
            Assert.Equal((2, ""), await RunAsync(arguments));
        }
    }

    private (int Code, string Output) Broken(TokenEventRow row, string why) =>
        (1, string.Create(CultureInfo.InvariantCulture, $"{Export}: broken at sequence {row.Sequence}: {why}.\n"));

    private async Task<(int Code, string Output)> VerifyAsync(string[] lines)
    {
        await File.WriteAllLinesAsync(Export, lines);
        return await RunAsync("verify-token-events", "--file", Export);
    }

    private async Task<(int Code, string Output)> RunAsync(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter();
        var code = await new TokenEventCommand(_ => database.Connect(), output, errors).RunAsync(args, CancellationToken.None);
        return (code, output.ToString());
    }

    /// <summary>Six events, by two replicas in turn.</summary>
    private async Task<IReadOnlyList<TokenEventRow>> WriteAsync()
    {
        using var one = new TokenEventChains();
        using var two = new TokenEventChains();
        var store = new TokenEventStore();
        for (var i = 0; i < 6; i++)
        {
            var replica = i % 2 == 0 ? one : two;
            var linked = replica.Link([TokenEventRecord.Of(AuditParts.Issued(_realm, AuditParts.NewId(), _clock.GetUtcNow()))]);
            await store.AddAsync(database.Database, linked, _clock.GetUtcNow(), CancellationToken.None);
            replica.Keep(linked);
        }

        return await AuditParts.ListAsync(database.Database, new() { RealmId = _realm.RealmId, OldestFirst = true }, _clock);
    }
}

public sealed class SqliteTokenEventCommandTests(SqliteTokenDatabase database) : TokenEventCommandContract(database), IClassFixture<SqliteTokenDatabase>;

[NeedsPostgres]
public sealed class PostgresTokenEventCommandTests(PostgresTokenDatabase database) : TokenEventCommandContract(database), IClassFixture<PostgresTokenDatabase>;
