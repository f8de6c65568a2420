using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Dapper;
using Microsoft.Data.Sqlite;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Hosting;
using Testing;

namespace Common.Tests.Hosting;

/// <summary>Whatever keeps a service from starting is one line that names the setting.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class StartRefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("no gRPC listener", "Listen:Grpc", null, "Listen:Grpc is missing; example: http://127.0.0.1:9080.")]
    [InlineData(
        "not an address", "Listen:Grpc", "9080",
        "Listen:Grpc is '9080'; it must be http:// or https:// with an IP address, localhost or *, and a port.")]
    [InlineData(
        "a name that is not resolved", "Listen:Http", "http://example.org:80",
        "Listen:Http is 'http://example.org:80'; it must be http:// or https:// with an IP address, localhost or *, and a port.")]
    [InlineData(
        "all addresses without TLS", "Listen:Grpc", "http://0.0.0.0:0",
        "Listen:Grpc is 'http://0.0.0.0:0': beyond loopback it must be https, or Listen:BehindTlsProxy must say that a proxy terminates TLS.")]
    [InlineData(
        "any address without TLS", "Listen:Http", "http://*:0",
        "Listen:Http is 'http://*:0': beyond loopback it must be https, or Listen:BehindTlsProxy must say that a proxy terminates TLS.")]
    [InlineData(
        "https without files", "Listen:Grpc", "https://127.0.0.1:0",
        "Listen:Grpc is https, so Listen:Tls:CertificateFile and Listen:Tls:KeyFile must name PEM files.")]
    [InlineData(
        "certificates without TLS", "Listen:MutualTls", "http://127.0.0.1:0",
        "Listen:MutualTls is 'http://127.0.0.1:0'; certificates come with https only.")]
    [InlineData(
        "a path where callers are", "Listen:PublicGrpc", "https://iam.example/grpc",
        "Listen:PublicGrpc is 'https://iam.example/grpc'; it must be http:// or https:// with a host, and no path.")]
    [InlineData("unknown engine", "Database:Engine", "oracle", "Database:Engine is 'oracle'; it must be sqlite or postgres.")]
    [InlineData("no file", "Database:File", "", "Database:File is missing; Database:Engine is sqlite.")]
    [InlineData(
        "no connection string", "Database:Engine", "postgres",
        "Database:ConnectionString is missing or malformed; Database:Engine is postgres.")]
    [InlineData(
        "not a boolean", "Listen:BehindTlsProxy", "maybe",
        "Failed to convert configuration value 'maybe' at 'Listen:BehindTlsProxy' to type 'System.Boolean'.")]
    [InlineData(
        "key that is none", "ServiceKey:PrivateKey", "secret",
        "ServiceKey:PrivateKey is not a readable EC P-256 key in PEM: No supported key formats were found. Check that the input represents the contents of a PEM-encoded key file, not the path to such a file. (Parameter 'input')")]
    [InlineData("trusted service without a key", "TrustedServices:token:Permissions:0", "x", "TrustedServices:token:PublicKey is missing.")]
    public async Task Refuses_a_bad_setting(string what, string setting, string? value, string expected)
    {
        Assert.NotEmpty(what);
        Assert.Equal(expected, await SampleServer.RefusalAsync(new Dictionary<string, string?> { [setting] = value }));
    }

    [Fact]
    public async Task Names_every_bad_setting_in_the_one_line()
    {
        var refusal = await SampleServer.RefusalAsync(new Dictionary<string, string?> { ["Listen:Grpc"] = null, ["Database:Engine"] = "x" });

        Assert.Equal(
            "Listen:Grpc is missing; example: http://127.0.0.1:9080. Database:Engine is 'x'; it must be sqlite or postgres.", refusal);
    }

    [Fact]
    public async Task Listens_beyond_loopback_where_a_proxy_terminates_TLS()
    {
        await using var server = await SampleServer.StartAsync(
            new SampleBehaviour(),
            new Dictionary<string, string?> { ["Listen:Grpc"] = "http://0.0.0.0:0", ["Listen:BehindTlsProxy"] = "true" });

        Assert.StartsWith("http://0.0.0.0:", ServiceHost.GrpcAddress(server.App), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Listen:Grpc")]
    [InlineData("Listen:Http")]
    public async Task Says_which_port_is_in_use(string setting)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        var refusal = await SampleServer.RefusalAsync(new Dictionary<string, string?> { [setting] = $"http://{other.LocalEndpoint}" });

        Assert.Equal($"{setting}: {other.LocalEndpoint} is in use by another program.", refusal);
    }

    [Theory]
    [InlineData("This is not a database, but it is longer than a header of one hundred bytes, so that nobody can say it was merely too short.")]
    [InlineData("short")]
    public async Task Says_which_file_is_no_database_and_leaves_it_alone(string content)
    {
        var file = _folder.File("data.db");
        await File.WriteAllTextAsync(file, content);

        var refusal = await SampleServer.RefusalAsync(new Dictionary<string, string?> { ["Database:File"] = file });

        Assert.Equal($"Database:File: {file} is damaged or not an SQLite database; restore it from a backup or move it away.", refusal);
        Assert.Equal(content, await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task Notices_a_page_that_was_overwritten()
    {
        var file = _folder.File("data.db");
        await (await SampleServer.StartAsync(new SampleBehaviour(), new Dictionary<string, string?> { ["Database:File"] = file })).DisposeAsync();
        await using (var stream = new FileStream(file, FileMode.Open, FileAccess.Write))
        {
            stream.Position = 4096;
            stream.Write(Enumerable.Repeat((byte)0xee, 4096).ToArray());
        }

        var refusal = await SampleServer.RefusalAsync(new Dictionary<string, string?> { ["Database:File"] = file });

        Assert.Equal($"Database:File: {file} is damaged or not an SQLite database; restore it from a backup or move it away.", refusal);
    }

    [Fact]
    public async Task Says_which_folder_cannot_be_written()
    {
        var blocker = _folder.File("a-file");
        await File.WriteAllTextAsync(blocker, "");
        var file = Path.Combine(blocker, "data.db");

        var refusal = await SampleServer.RefusalAsync(new Dictionary<string, string?> { ["Database:File"] = file });

        Assert.StartsWith($"Database:File: {file} cannot be written: ", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_a_database_of_a_newer_program()
    {
        var file = _folder.File("data.db");
        var settings = new Dictionary<string, string?> { ["Database:File"] = file };
        await (await SampleServer.StartAsync(new SampleBehaviour(), settings)).DisposeAsync();
        await using (var connection = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            await connection.ExecuteAsync("insert into schema_version (version, name, applied_at) values (99, 'future', '')");
        }

        var refusal = await SampleServer.RefusalAsync(settings);

        Assert.Equal($"Database: {file}: The database has schema version 99, this program knows up to 2.", refusal);
    }

    [Fact]
    public async Task Says_which_PostgreSQL_does_not_answer()
    {
        var port = FreePort.Next();

        var refusal = await SampleServer.RefusalAsync(new Dictionary<string, string?>
        {
            ["Database:Engine"] = "postgres",
            ["Database:ConnectionString"] = $"Host=127.0.0.1;Port={port};Database=iam;Username=iam;Password=not-in-any-message;Timeout=2",
        });

        Assert.StartsWith($"Database: PostgreSQL at 127.0.0.1:{port}, database iam does not answer: ", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("not-in-any-message", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_an_operator_key_that_others_can_read()
    {
        var file = _folder.File("operator.key");
        await File.WriteAllTextAsync(file, new string('k', 32));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        Assert.Equal(
            $"Operator:KeyFile: {file} can be read or written by others than its owner; chmod 600 it.",
            await SampleServer.RefusalAsync(new Dictionary<string, string?> { ["Operator:KeyFile"] = file }));
    }

    [Fact]
    public async Task Refuses_an_operator_key_that_is_too_short()
    {
        var file = _folder.File("operator.key");
        await File.WriteAllTextAsync(file, new string('k', 31));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.Equal(
            $"Operator:KeyFile: {file} has a key of 31 characters; it must have 32 or more.",
            await SampleServer.RefusalAsync(new Dictionary<string, string?> { ["Operator:KeyFile"] = file }));
    }

    [Fact]
    public async Task Refuses_an_operator_key_by_value_that_is_too_short_and_does_not_repeat_it()
    {
        var refusal = await SampleServer.RefusalAsync(new Dictionary<string, string?> { ["Operator:Key"] = new string('k', 31) });

        Assert.Equal("Operator:Key has a key of 31 characters; it must have 32 or more.", refusal);
    }

    [Fact]
    public async Task Refuses_an_operator_key_by_value_beside_one_in_a_file()
    {
        var file = _folder.File("operator.key");
        await File.WriteAllTextAsync(file, new string('f', 32));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var refusal = await SampleServer.RefusalAsync(
            new Dictionary<string, string?> { ["Operator:Key"] = new string('k', 32), ["Operator:KeyFile"] = file });

        Assert.Equal("Operator:Key and Operator:KeyFile are both set; set one of them.", refusal);
    }

    [Fact]
    public async Task Refuses_an_operator_key_that_is_missing()
    {
        var file = _folder.File("operator.key");

        Assert.StartsWith(
            $"Operator:KeyFile: {file} cannot be read: ",
            await SampleServer.RefusalAsync(new Dictionary<string, string?> { ["Operator:KeyFile"] = file }),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_calls_others_needs_their_addresses_and_a_key_of_its_own()
    {
        var refusal = await SampleServer.RefusalAsync(
            new Dictionary<string, string?>(), builder => builder.AddPeer(ServiceNames.RealmAdmin));

        Assert.Equal(
            "Peers:RealmAdmin:Address is missing or not an http or https address; example: http://127.0.0.1:9081. "
            + "ServiceKey:PrivateKey or ServiceKey:PrivateKeyFile is missing; calls to other services are signed with it.",
            refusal);
    }
}
