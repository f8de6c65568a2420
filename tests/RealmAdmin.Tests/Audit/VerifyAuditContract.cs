using Dapper;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.RealmAdmin.Audit;
using Pltfrms.Iam.RealmAdmin.Changes;
using RealmAdmin.Tests.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Audit;

/// <summary>An attacker who can write the table, and the command that finds what they did.</summary>
public abstract class VerifyAuditContract(TestDatabase fixture)
{
    private const string Row = "where realm_id = @_realmId and revision = @revision and ordinal = @ordinal";
    private const string Changed =
        "its hash does not follow from its fields and the hash before; one of them was changed, or an event between them was removed";

    private readonly string _realmId = Samples.NewRealmId();

    /// <summary>Column, what is put into it for revision 3 ordinal 1, where the chain is found broken, and how.</summary>
    public static TheoryData<string, object?, string, string> Tampered => new()
    {
        { "realm_id", "another", "revision 3 ordinal 2, after revision 3 ordinal 0", "events before it are missing" },
        { "revision", 99L, "revision 3 ordinal 2, after revision 3 ordinal 0", "events before it are missing" },
        { "ordinal", 99, "revision 3 ordinal 2, after revision 3 ordinal 0", "events before it are missing" },
        { "changed_at", Samples.Instant, Here, Changed },
        { "actor", "mallory", Here, Changed },
        { "actor_kind", "operator", Here, Changed },
        { "actor_client_id", "other", Here, Changed },
        { "actor_client_id", null, Here, Changed },
        { "token_id", "jti-2", Here, Changed },
        { "act_chain", new ValueList<string>(["gateway", "batch"]), Here, Changed },
        { "act_chain", new ValueList<string>([]), Here, Changed },
        { "correlation_id", "4bf92f3577b34da6a3ce929d0e0e4736", Here, Changed },
        { "resource_kind", "client", Here, Changed },
        { "resource_id", "x", Here, Changed },
        { "change_kind", "create", Here, Changed },
        { "state_before", null, Here, Changed },
        { "state_after", "{}", Here, Changed },
        { "hash", new string('0', 64), Here, Changed },
        { "hash", "garbage", Here, Changed },
        { "hash", null, Here, "it has no hash, but the one before it has" },
    };

    private static string Here => "revision 3 ordinal 1, after revision 3 ordinal 0";

    [StorageTheory]
    [MemberData(nameof(Tampered))]
    public async Task A_changed_column_is_found_with_its_link(string column, object? value, string where, string how)
    {
        await new History(fixture.Database, _realmId).FourRevisionsAsync();
        Assert.Equal(0, (await VerifyAsync()).Code);

        await ExecuteAsync($"update change_log set {column} = @value {Row}", 3, 1, value is "another" ? Samples.NewRealmId() : value);

        Assert.Equal((1, $"{_realmId}: broken at {where}: {how}."), await VerifyAsync());
        Assert.Equal((1, $"{_realmId}: broken at {where}: {how}."), await VerifyExportAsync());
    }

    [StorageTheory]
    [InlineData(1, 0, "broken at revision 2 ordinal 0, the first event: events before it are missing")]
    [InlineData(2, 1, "broken at revision 2 ordinal 2, after revision 2 ordinal 0: events before it are missing")]
    [InlineData(2, 2, "broken at revision 3 ordinal 0, after revision 2 ordinal 1: " + Changed)]
    [InlineData(3, 0, "broken at revision 3 ordinal 1, after revision 2 ordinal 2: events before it are missing")]
    public async Task A_removed_event_is_found_with_its_link(int revision, int ordinal, string found)
    {
        await new History(fixture.Database, _realmId).FourRevisionsAsync();

        await ExecuteAsync($"delete from change_log {Row}", revision, ordinal);

        Assert.Equal((1, $"{_realmId}: {found}."), await VerifyAsync());
    }

    [StorageFact]
    public async Task Two_events_that_changed_places_are_found()
    {
        await new History(fixture.Database, _realmId).FourRevisionsAsync();

        await ExecuteAsync($"update change_log set ordinal = 7 {Row}", 3, 0);
        await ExecuteAsync($"update change_log set ordinal = 0 {Row}", 3, 1);
        await ExecuteAsync($"update change_log set ordinal = 1 {Row}", 3, 7);

        Assert.Equal((1, $"{_realmId}: broken at revision 3 ordinal 0, after revision 2 ordinal 2: {Changed}."), await VerifyAsync());
    }

    [StorageFact]
    public async Task Whoever_writes_one_event_anew_with_its_hash_breaks_the_link_after_it()
    {
        await new History(fixture.Database, _realmId).FourRevisionsAsync();
        var rows = await RowsAsync();

        await ExecuteAsync($"update change_log set actor = 'mallory' {Row}", 3, 1);
        await ExecuteAsync($"update change_log set hash = @value {Row}", 3, 1, AuditChain.Hash(rows[4].Hash, rows[5] with { Actor = "mallory" }));

        Assert.Equal((1, $"{_realmId}: broken at revision 3 ordinal 2, after revision 3 ordinal 1: {Changed}."), await VerifyAsync());
    }

    [StorageFact]
    public async Task A_revision_that_is_missing_at_the_end_is_found_by_the_realm_s_own()
    {
        await new History(fixture.Database, _realmId).FourRevisionsAsync();

        await ExecuteAsync("delete from change_log where realm_id = @_realmId and revision = 4", 4, 0);

        Assert.Equal(
            (1, $"{_realmId}: broken after revision 3 ordinal 2: the realm is at revision 4, but the events after revision 3 are missing."),
            await VerifyAsync());
    }

    [StorageFact]
    public async Task A_realm_all_of_whose_events_are_gone_is_found()
    {
        await new History(fixture.Database, _realmId).FourRevisionsAsync();

        await ExecuteAsync("delete from change_log where realm_id = @_realmId", 0, 0);

        Assert.Equal(
            (1, $"{_realmId}: broken, there are no events: the realm is at revision 4, but the events after revision 0 are missing."),
            await VerifyAsync());
    }

    /// <remarks>What docs/audit.md admits: without an anchor nobody can know what was last.</remarks>
    [StorageFact]
    public async Task A_tail_that_is_cut_off_is_found_by_an_anchor_only()
    {
        await new History(fixture.Database, _realmId).FourRevisionsAsync();
        var anchor = (await RowsAsync())[^1].Hash!;
        Assert.Equal(0, (await VerifyAsync("--anchor", anchor.ToUpperInvariant())).Code);

        await ExecuteAsync($"delete from change_log {Row}", 4, 1);

        Assert.Equal(0, (await VerifyAsync()).Code);
        Assert.Equal(
            (1, $"{_realmId}: broken after revision 4 ordinal 0: no event has the anchor's hash {anchor}; events are missing at the end, or the whole chain was written anew."),
            await VerifyAsync($"--anchor={anchor}"));
    }

    [StorageTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_chain_of_any_history_holds(int seed)
    {
        var history = new History(fixture.Database, _realmId);
        await history.RandomAsync(seed, revisions: 40);
        var rows = await RowsAsync();

        var expected = $"{_realmId}: the chain holds, {rows.Count} events up to {new EventPosition(41, rows[^1].Ordinal)}, head {rows[^1].Hash}.";
        Assert.Equal((0, expected), await VerifyAsync());
        Assert.Equal((0, expected), await VerifyExportAsync());

        var victim = rows[new Random(seed).Next(rows.Count)];
        await ExecuteAsync($"update change_log set state_after = '{{\"a\":1}}' {Row}", victim.Revision, victim.Ordinal);
        Assert.Contains($"broken at revision {victim.Revision} ordinal {victim.Ordinal}, after ", (await VerifyAsync()).Line, StringComparison.Ordinal);
    }

    [StorageFact]
    public async Task Writers_who_meet_extend_one_chain()
    {
        var history = new History(fixture.Database, _realmId);
        await history.CreateAsync();
        await using var replica = fixture.Connect();
        History[] writers = [history, new(replica, _realmId)];

        await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(() => writers[i % 2].RolesAsync($"a{i}", $"b{i}"))));

        Assert.StartsWith($"{_realmId}: the chain holds, 65 events up to revision 33 ordinal 1, head ", (await VerifyAsync()).Line, StringComparison.Ordinal);
    }

    [StorageFact]
    public async Task Events_from_before_the_chain_are_counted_and_the_chain_begins_after_them()
    {
        var history = new History(fixture.Database, _realmId);
        await history.CreateAsync();
        await history.RolesAsync("a", "b");
        await ExecuteAsync("update change_log set hash = null where realm_id = @_realmId", 0, 0);
        Assert.Equal(
            (0, $"{_realmId}: the chain holds, 0 events up to revision 2 ordinal 1, head none; 3 older events have no hash, and nothing vouches for them."),
            await VerifyAsync());

        await history.RolesAsync("c", "d");
        await history.RolesAsync("e");

        var rows = await RowsAsync();
        Assert.Equal([null, null, null], rows.Take(3).Select(row => row.Hash));
        var expected =
            $"{_realmId}: the chain holds, 3 events up to revision 4 ordinal 0, head {rows[^1].Hash}; 3 older events have no hash, and nothing vouches for them.";
        Assert.Equal((0, expected), await VerifyAsync());
        Assert.Equal((0, expected), await VerifyExportAsync());

        await ExecuteAsync($"update change_log set hash = null {Row}", 3, 0);
        Assert.Equal((1, $"{_realmId}: broken at revision 3 ordinal 1, after revision 3 ordinal 0: {Changed}."), await VerifyAsync());
    }

    [StorageFact]
    public async Task A_realm_without_events_verifies_nothing() =>
        Assert.Equal((2, $"{_realmId}: there are no events."), await VerifyAsync());

    private async Task<(int Code, string Line)> VerifyAsync(params string[] more) =>
        await RunAsync(["verify-audit", "--realm", _realmId, .. more]);

    private async Task<(int Code, string Line)> VerifyExportAsync()
    {
        var file = Path.GetTempFileName();
        try
        {
            await RunAsync(["export-audit", "--realm", _realmId, "--file", file]);
            return await RunAsync(["verify-audit", "--realm", _realmId, "--file", file]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private async Task<(int Code, string Line)> RunAsync(string[] args)
    {
        using var output = new StringWriter();
        var code = await new AuditCommand(_ => fixture.Connect(), output, output).RunAsync(args, default);
        return (code, output.ToString().TrimEnd());
    }

    private async Task<IReadOnlyList<ChangeLogRow>> RowsAsync()
    {
        await using var session = await fixture.Database.OpenAsync(default);
        return await new ChangeLogStore().ListAsync(session, _realmId, EventPosition.Start, 10_000, default);
    }

    private async Task ExecuteAsync(string sql, long revision, int ordinal, object? value = null)
    {
        var parameters = new DynamicParameters(new { _realmId, revision, ordinal });
        parameters.Add("value", value);
        await using var session = await fixture.Database.BeginWriteAsync(default);
        Assert.NotEqual(0, await session.ExecuteAsync(sql, parameters, default));
        await session.CommitAsync(default);
    }
}

public sealed class SqliteVerifyAuditTests(SqliteRealmAdminDatabase fixture)
    : VerifyAuditContract(fixture), IClassFixture<SqliteRealmAdminDatabase>
{
    private readonly SqliteRealmAdminDatabase _fixture = fixture;

    /// <remarks>SQLite keeps any text in any column.</remarks>
    [Theory]
    [InlineData("changed_at")]
    [InlineData("act_chain")]
    public async Task A_value_that_cannot_be_read_is_found_too(string column)
    {
        var realmId = Samples.NewRealmId();
        await new History(_fixture.Database, realmId).FourRevisionsAsync();
        await using (var session = await _fixture.Database.BeginWriteAsync(default))
        {
            await session.ExecuteAsync(
                $"update change_log set {column} = 'yesterday' where realm_id = @realmId and revision = 3 and ordinal = 1", new { realmId }, default);
            await session.CommitAsync(default);
        }

        using var output = new StringWriter();
        var code = await new AuditCommand(_ => _fixture.Connect(), output, output).RunAsync(["verify-audit", "--realm", realmId], default);

        Assert.Equal(1, code);
        Assert.StartsWith($"{realmId}: broken: the event after revision 3 ordinal 0 cannot be read: ", output.ToString(), StringComparison.Ordinal);
    }
}

[NeedsPostgres]
public sealed class PostgresVerifyAuditTests(PostgresRealmAdminDatabase fixture)
    : VerifyAuditContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
