using System.Security.Cryptography;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.RealmAdmin;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Documents;
using Testing;
using Testing.Databases;

namespace RealmAdmin.Tests.Hosting;

/// <summary>The service on a real port, called by an operator.</summary>
internal sealed class RealmAdminServer : IAsyncDisposable
{
    private const string Key = "an-operator-key-that-only-these-tests-know";

    private static readonly byte[] SecretsKey = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private readonly TemporaryFolder _folder;
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private RealmAdminServer(TemporaryFolder folder, WebApplication app)
    {
        (_folder, _app) = (folder, app);
        Address = ServiceHost.GrpcAddress(app);
        _channel = GrpcChannel.ForAddress(Address);
        Realms = new RealmService.RealmServiceClient(_channel);
        Feed = new RealmFeedService.RealmFeedServiceClient(_channel);
    }

    public static Metadata Operator => new() { { "authorization", $"Bearer {Key}" } };

    public string Address { get; }

    /// <summary>What it is made of, for what only happens by and by.</summary>
    public IServiceProvider Services => _app.Services;

    public GrpcChannel Channel => _channel;

    public RealmService.RealmServiceClient Realms { get; }

    public RealmFeedService.RealmFeedServiceClient Feed { get; }

    /// <param name="given">Those of the database, and what else is to be different.</param>
    public static async Task<RealmAdminServer> StartAsync(IReadOnlyDictionary<string, string?> given)
    {
        var folder = new TemporaryFolder();
        var keyFile = await WriteKeyAsync(folder.File("operator.key"), Key);

        using var serviceKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var settings = new Dictionary<string, string?>(given)
        {
            ["Listen:Grpc"] = "http://127.0.0.1:0",
            ["Operator:KeyFile"] = keyFile,
            ["ServiceKey:PrivateKey"] = serviceKey.ExportECPrivateKeyPem(),
        };
        settings.TryAdd("Secrets:KeyFile", await WriteKeyAsync(folder.File("secrets.key"), Convert.ToBase64String(SecretsKey)));
        settings.TryAdd("Logging:LogLevel:Default", Environment.GetEnvironmentVariable("TEST_LOG") ?? "Critical");
        settings.TryAdd("Peers:Token:Address", $"http://127.0.0.1:{FreePort.Next()}");
        var app = RealmAdminHost.Build([], settings);
        await ServiceHost.StartAsync(app);
        return new RealmAdminServer(folder, app);
    }

    /// <summary>One for all tests of a class, each of which makes the realms that it changes.</summary>
    public static Task<RealmAdminServer> SharedAsync(TestDatabase database) => database.SharedAsync(() => StartAsync(database.Settings));

    /// <summary>The same, with the demo realm in it.</summary>
    public static async Task<RealmAdminServer> SharedWithDemoAsync(TestDatabase database)
    {
        var server = await SharedAsync(database);
        await server.ImportAsync(DemoRealm.Id, DemoRealm.Document);
        return server;
    }

    public static async Task<string> WriteKeyAsync(string file, string key)
    {
        await File.WriteAllTextAsync(file, key);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return file;
    }

    public Task StopAsync() => _app.StopAsync();

    public async Task<ImportRealmResponse> ImportAsync(string realmId, string document, bool dryRun = false) =>
        await Realms.ImportRealmAsync(new() { RealmId = realmId, Document = document, DryRun = dryRun }, Operator);

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        // Disposing alone does not wait for the poller, which may be reading the database still.
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
