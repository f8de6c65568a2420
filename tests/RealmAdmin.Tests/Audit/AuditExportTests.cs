using Pltfrms.Iam.RealmAdmin;
using Pltfrms.Iam.RealmAdmin.Audit;
using RealmAdmin.Tests.Storage;
using Testing;

namespace RealmAdmin.Tests.Audit;

/// <summary>What is verified with nothing but an export, and what the commands say to those who call them wrongly.</summary>
public sealed class AuditExportTests(SqliteRealmAdminDatabase fixture) : IClassFixture<SqliteRealmAdminDatabase>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _realmId = Samples.NewRealmId();

    private string Export => _folder.File("export.jsonl");

    [Fact]
    public async Task An_export_is_verified_without_a_database()
    {
        var lines = await ExportAsync();
        Assert.Equal(9, lines.Length);

        var (code, line) = await RunAsync("verify-audit", "--file", Export);
        Assert.Equal(0, code);
        Assert.StartsWith($"{_realmId}: the chain holds, 9 events up to revision 4 ordinal 1, head ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_without_a_file_is_on_standard_output()
    {
        var lines = await ExportAsync();
        using var output = new StringWriter();
        using var errors = new StringWriter();

        var code = await new AuditCommand(_ => fixture.Connect(), output, errors).RunAsync(["export-audit", "--realm", _realmId], default);

        Assert.Equal((0, $"{_realmId}: 9 events exported."), (code, errors.ToString().TrimEnd()));
        Assert.Equal(string.Concat(lines.Select(line => line + "\n")), output.ToString());
    }

    public static TheoryData<string, Func<string[], IEnumerable<string>>, string> Edits => new()
    {
        { "two lines swapped", l => [l[0], l[2], l[1], .. l[3..]], "broken at revision 2 ordinal 1, after revision 1 ordinal 0: events before it are missing." },
        { "a line twice", l => [l[0], l[1], l[1], .. l[2..]], "broken at revision 2 ordinal 0, after revision 2 ordinal 0: the events are not in their order, or one is there twice." },
        { "a line removed", l => [l[0], .. l[2..]], "broken at revision 2 ordinal 1, after revision 1 ordinal 0: events before it are missing." },
        { "the beginning removed", l => l[4..], "broken at revision 3 ordinal 0, the first event: events before it are missing." },
        { "a line of another realm", l => [.. l[..3], l[3].Replace("\"realm_id\":\"r", "\"realm_id\":\"x", StringComparison.Ordinal), .. l[4..]], "broken at revision 2 ordinal 2, after revision 2 ordinal 1: it is of the realm 'x" },
        { "an unknown member", l => [l[0][..^1] + ",\"more\":1}", .. l[1..]], "broken: line 1 is not an event: " },
        { "a member twice", l => [l[0], l[1][..^1] + ",\"actor\":\"mallory\"}", .. l[2..]], "broken: line 2 is not an event: " },
        { "a null where none may be", l => [l[0].Replace("\"tester\"", "null", StringComparison.Ordinal), .. l[1..]], "broken: line 1 is not an event: " },
        { "no JSON", l => [.. l, "and so on"], "broken: line 10 is not an event: " },
        { "an empty line", l => [.. l, ""], "broken: line 10 is not an event: " },
        { "another time zone", l => [l[0].Replace("000000Z", "000000+00:00", StringComparison.Ordinal), .. l[1..]], "broken: line 1 is not an event: " },
    };

    [Theory]
    [MemberData(nameof(Edits))]
    public async Task An_edited_export_is_found_with_its_line_or_link(string edit, Func<string[], IEnumerable<string>> apply, string found)
    {
        var lines = await ExportAsync();
        await File.WriteAllLinesAsync(Export, apply(lines));

        var (code, line) = await RunAsync("verify-audit", "--realm", _realmId, "--file", Export);

        Assert.True(code == 1, edit);
        Assert.StartsWith($"{_realmId}: {found}", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("verify-audit")]
    [InlineData("export-audit")]
    [InlineData("verify-audit", "--realm")]
    [InlineData("verify-audit", "--realm", "demo", "--ancor", "00")]
    [InlineData("export-audit", "--realm", "demo", "--anchor", "00")]
    [InlineData("verify-audit", "demo")]
    public async Task What_is_not_understood_is_not_guessed(params string[] args)
    {
        var (code, line) = await RunAsync(args);

        Assert.Equal(2, code);
        Assert.Contains("usage: verify-audit (--realm REALM | --file EXPORT) [--anchor HASH]", line, StringComparison.Ordinal);
    }

    /// <summary>The program itself, as docs/audit.md calls it.</summary>
    [Fact]
    public async Task The_program_answers_with_one_line_and_an_exit_code()
    {
        await ExportAsync();

        var (code, line) = await RunProgramAsync("verify-audit", "--realm", _realmId, $"--Database:File={fixture.File}");
        Assert.Equal(0, code);
        Assert.StartsWith($"{_realmId}: the chain holds, 9 events up to revision 4 ordinal 1, head ", line, StringComparison.Ordinal);

        var missing = _folder.File("missing.db");
        Assert.Equal(
            (2, $"Database:File: {missing} does not exist."),
            await RunProgramAsync("verify-audit", "--realm", _realmId, "--Database:File", missing));
        Assert.False(File.Exists(missing));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<(int Code, string Line)> RunProgramAsync(params string[] args)
    {
        var environment = new Dictionary<string, string?> { ["Database__Engine"] = "sqlite" };
        await using var program = ProcessUnderTest.Start("dotnet", [typeof(RealmAdminHost).Assembly.Location, .. args], environment);
        var code = await program.WaitForExitAsync(TimeSpan.FromMinutes(1));
        return (code, Assert.Single(program.Lines));
    }

    private async Task<string[]> ExportAsync()
    {
        await new History(fixture.Database, _realmId).FourRevisionsAsync();
        Assert.Equal(0, (await RunAsync("export-audit", "--realm", _realmId, "--file", Export)).Code);
        return await File.ReadAllLinesAsync(Export);
    }

    private async Task<(int Code, string Line)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        var code = await new AuditCommand(_ => fixture.Connect(), output, output).RunAsync(args, default);
        return (code, output.ToString().TrimEnd());
    }
}
