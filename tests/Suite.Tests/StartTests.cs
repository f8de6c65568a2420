using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Pltfrms.Iam.RealmAdmin.V1;
using Testing;

namespace Suite.Tests;

/// <summary>How the suite starts, refuses to, and stops.</summary>
public sealed class StartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Data => _folder.File("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_port_in_use_is_one_line_and_leaves_no_files()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var refusal = await SuiteProcess.RefusalAsync(Data, SuiteProcess.FreePorts() with { ConsentGrpc = port });

        Assert.Equal(
            (1, $"--consent-grpc: port {port} of 127.0.0.1 is in use by another program; choose another with --consent-grpc."), refusal);
        Assert.False(Directory.Exists(Data));
    }

    [Theory]
    [InlineData("realm-admin.db")]
    [InlineData("token.db")]
    [InlineData("consent.db")]
    public async Task A_corrupt_data_file_is_one_line_and_stays_as_it_is(string name)
    {
        Directory.CreateDirectory(Data);
        var file = Path.Combine(Data, name);
        await File.WriteAllTextAsync(file, new string('x', 5000));

        var refusal = await SuiteProcess.RefusalAsync(Data, SuiteProcess.FreePorts());

        Assert.Equal((1, $"Database:File: {file} is damaged or not an SQLite database; restore it from a backup or move it away."), refusal);
        Assert.Equal(new string('x', 5000), await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task A_bad_realm_file_is_one_line_with_the_path_of_the_error_and_imports_nothing()
    {
        var bad = _folder.File("bad.yaml");
        var document = await File.ReadAllTextAsync(SuiteProcess.DemoRealmFile);
        await File.WriteAllTextAsync(bad, document.Replace("http://127.0.0.1:8765/callback", "http://example.org/", StringComparison.Ordinal));

        var refusal = await SuiteProcess.RefusalAsync(Data, SuiteProcess.FreePorts(), "--realm", bad);

        Assert.Equal(
            (1, $"--realm: {bad}: clients[2].redirect_uris[0]: must be https, or http on a loopback address (and 1 more)"), refusal);
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task Fresh_with_a_bad_realm_file_deletes_nothing()
    {
        await using (var suite = await SuiteProcess.StartAsync(Data))
        {
            await ImportAsync(suite, "display_name: Demo\n", "display_name: Changed\n");
        }

        var bad = _folder.File("bad.yaml");
        await File.WriteAllTextAsync(bad, "realm_id: demo\ncolour: red\n");

        var (exitCode, _) = await SuiteProcess.RefusalAsync(Data, SuiteProcess.FreePorts(), "--fresh", "--realm", bad);

        Assert.Equal(1, exitCode);
        await using var again = await SuiteProcess.StartAsync(Data);
        Assert.Equal("Changed", (await ReadAsync(again)).DisplayName);
    }

    [Fact]
    public async Task A_realm_file_that_is_missing_is_one_line()
    {
        var missing = _folder.File("missing.yaml");

        Assert.Equal(
            (1, $"--realm: {missing} does not exist."),
            await SuiteProcess.RefusalAsync(Data, SuiteProcess.FreePorts(), "--realm", missing));
    }

    [Fact]
    public async Task Two_suites_do_not_share_a_folder()
    {
        await using var first = await SuiteProcess.StartAsync(Data);

        Assert.Equal(
            (1, $"--data: another suite runs on {Data}."), await SuiteProcess.RefusalAsync(Data, SuiteProcess.FreePorts(), "--fresh"));
        Assert.Equal(1, (await ReadAsync(first)).Revision);
    }

    [Fact]
    public async Task What_an_administrator_changed_survives_a_restart_and_fresh_starts_over()
    {
        long changed;
        await using (var suite = await SuiteProcess.StartAsync(Data))
        {
            changed = await ImportAsync(suite, "display_name: Demo\n", "display_name: Changed\n");
            Assert.Equal(0, await suite.TerminateAsync());
        }

        await using (var suite = await SuiteProcess.StartAsync(Data))
        {
            var realm = await ReadAsync(suite);
            Assert.Equal(("Changed", changed), (realm.DisplayName, realm.Revision));
            Assert.Equal(0, await suite.InterruptAsync());
        }

        var notOurs = Path.Combine(Data, "notes.txt");
        await File.WriteAllTextAsync(notOurs, "mine");
        await using (var suite = await SuiteProcess.StartAsync(Data, "--fresh"))
        {
            Assert.Equal("Demo", (await ReadAsync(suite)).DisplayName);
            Assert.Equal("mine", await File.ReadAllTextAsync(notOurs));
        }
    }

    [Fact]
    public async Task An_open_stream_is_told_that_the_suite_stops()
    {
        await using var suite = await SuiteProcess.StartAsync(Data);
        using var health = new Grpc.Health.V1.Health.HealthClient(suite.RealmAdmin).Watch(new Grpc.Health.V1.HealthCheckRequest());
        Assert.True(await health.ResponseStream.MoveNext(CancellationToken.None));

        var exitCode = suite.TerminateAsync();

        Assert.Equal(StatusCode.Unavailable, (await EndOfAsync(health.ResponseStream)).StatusCode);
        Assert.Equal(0, await exitCode);
    }

    private static Task<RpcException> EndOfAsync<T>(IAsyncStreamReader<T> stream) => Assert.ThrowsAsync<RpcException>(async () =>
    {
        while (await stream.MoveNext(CancellationToken.None))
        {
            // What comes before the end.
        }
    });

    private static async Task<Realm> ReadAsync(SuiteProcess suite) =>
        (await new RealmService.RealmServiceClient(suite.RealmAdmin).GetRealmAsync(new GetRealmRequest { RealmId = "demo" }, suite.Operator)).Realm;

    private static async Task<long> ImportAsync(SuiteProcess suite, string from, string to)
    {
        var document = (await File.ReadAllTextAsync(SuiteProcess.DemoRealmFile)).Replace(from, to, StringComparison.Ordinal);
        var request = new ImportRealmRequest { RealmId = "demo", Document = document };
        return (await new RealmService.RealmServiceClient(suite.RealmAdmin).ImportRealmAsync(request, suite.Operator)).Revision;
    }
}
