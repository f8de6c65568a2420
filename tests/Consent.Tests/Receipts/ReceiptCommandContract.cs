using System.Text.Json;
using Consent.Tests.Consents;
using Pltfrms.Iam.Consent.Consents;
using Pltfrms.Iam.Consent.Receipts;
using Testing;
using Testing.Databases;

namespace Consent.Tests.Receipts;

/// <summary>The commands that verify receipts, in the database and offline, with the audit's anchors and without.</summary>
public abstract class ReceiptCommandContract(TestDatabase fixture) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _realm = $"realm-{Guid.NewGuid():n}";
    private readonly ReceiptStore _receipts = new();

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [StorageFact]
    public async Task A_whole_chain_holds_in_the_database_and_in_an_export()
    {
        await WriteAsync(3);
        var export = _folder.File("receipts.jsonl");

        Assert.Equal((0, ""), await RunAsync("export-receipts", "--realm", _realm, "--file", export));

        Assert.Equal((0, $"{_realm}: the chain holds, 3 receipts, 0 of them anchored, head {await HashAsync(3)}.\n"), await RunAsync("verify-receipts", "--realm", _realm));
        Assert.Equal((0, $"{export}: the chain holds, 3 receipts, 0 of them anchored, head {await HashAsync(3)}.\n"), await RunAsync("verify-receipts", "--file", export));
    }

    [StorageFact]
    public async Task Anchors_of_the_audit_must_fit()
    {
        await WriteAsync(3);

        Assert.Equal(0, (await VerifyAsync(AnchorOf(_realm, 2, await HashAsync(2)))).Code);
        Assert.Equal(
            (1, $"{_realm}: broken at receipt 2: the audit has another hash for it; the chain was written anew.\n"),
            await VerifyAsync(AnchorOf(_realm, 2, new string('0', 64))));
        Assert.Equal(
            (1, $"{_realm}: broken after receipt 3: the audit knows of receipt 4.\n"), await VerifyAsync(AnchorOf(_realm, 4, new string('0', 64))));
        Assert.Equal(0, (await VerifyAsync(AnchorOf("another", 4, new string('0', 64)))).Code);
        Assert.Equal((1, $"{_realm}: broken: the audit export has a line that is not an event.\n"), await VerifyAsync("\"consent_receipts\""));
    }

    [StorageFact]
    public async Task A_changed_or_missing_line_is_named()
    {
        await WriteAsync(3);
        var export = _folder.File("receipts.jsonl");
        await RunAsync("export-receipts", "--realm", _realm, "--file", export);
        var lines = await File.ReadAllLinesAsync(export);

        await File.WriteAllLinesAsync(export, [lines[0], lines[2]]);
        Assert.Equal((1, $"{export}: broken at receipt 3: receipt 2 is missing.\n"), await RunAsync("verify-receipts", "--file", export));
        await File.WriteAllLinesAsync(export, [lines[0], lines[1].Replace("granted", "denied", StringComparison.Ordinal), lines[2]]);
        Assert.Equal(
            (1, $"{export}: broken at receipt 2: its hash does not follow from its fields and the hash before.\n"),
            await RunAsync("verify-receipts", "--file", export));
        await File.WriteAllLinesAsync(export, [lines[0], "{}"]);
        Assert.Equal(1, (await RunAsync("verify-receipts", "--file", export)).Code);
    }

    [StorageFact]
    public async Task What_is_no_command_line_is_told()
    {
        Assert.Equal((2, ""), await RunAsync("verify-receipts"));
        Assert.Equal((2, ""), await RunAsync("verify-receipts", "--realm"));
        Assert.Equal((2, ""), await RunAsync("export-receipts", "--realm", _realm, "--what", "x"));
        Assert.Equal((2, ""), await RunAsync("verify-receipts", "--file", _folder.File("nothing")));
    }

    private async Task<(int Code, string Output)> VerifyAsync(string auditLine)
    {
        var audit = _folder.File($"{Guid.NewGuid():n}.jsonl");
        await File.WriteAllTextAsync(audit, auditLine + "\n");
        return await RunAsync("verify-receipts", "--realm", _realm, "--audit", audit);
    }

    private async Task<(int Code, string Output)> RunAsync(params string[] args)
    {
        await using var output = new StringWriter();
        var code = await new ReceiptCommand(_ => fixture.Connect(), output, TextWriter.Null).RunAsync(args, CancellationToken.None);
        return (code, output.ToString());
    }

    private async Task<string> HashAsync(int sequence)
    {
        await using var session = await fixture.Database.OpenAsync(CancellationToken.None);
        return (await _receipts.ReadAsync(session, _realm, sequence - 1, 1, CancellationToken.None))[0].Hash;
    }

    private async Task WriteAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await using var session = await fixture.Database.BeginWriteAsync(CancellationToken.None);
            var line = new ReceiptLine
            {
                ClientId = "web",
                OrganizationId = "",
                Scope = "a",
                Decision = ConsentDecision.Granted,
                TextLanguage = "",
                TextVersion = "",
            };
            await new WriteReceipt(_receipts, new FakeClock()).RunAsync(
                session, _realm, "alice", ConsentActor.User(ConsentMethods.Grpc), [line], CancellationToken.None);
            await session.CommitAsync(CancellationToken.None);
        }
    }

    private static string AnchorOf(string realm, long sequence, string hash) => JsonSerializer.Serialize(new Dictionary<string, string>
    {
        ["realm_id"] = realm,
        ["resource_kind"] = "chain",
        ["resource_id"] = "consent_receipts",
        ["state_after"] = $$"""{"sequence":{{sequence}},"hash":"{{hash}}"}""",
    });
}

public sealed class SqliteReceiptCommandTests(SqliteConsentDatabase fixture)
    : ReceiptCommandContract(fixture), IClassFixture<SqliteConsentDatabase>;

[NeedsPostgres]
public sealed class PostgresReceiptCommandTests(PostgresConsentDatabase fixture)
    : ReceiptCommandContract(fixture), IClassFixture<PostgresConsentDatabase>;
