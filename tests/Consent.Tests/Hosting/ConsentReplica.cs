using System.Security.Cryptography;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Consent;
using Testing;
using Token.Tests.Hosting;
using Wire = Pltfrms.Iam.Consent.V1;

namespace Consent.Tests.Hosting;

/// <summary>A consent service on free ports of this process.</summary>
internal sealed class ConsentReplica : IAsyncDisposable
{
    public const string OperatorKey = "an-operator-key-of-more-than-32-characters";

    private readonly TemporaryFolder _folder;
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private ConsentReplica(TemporaryFolder folder, WebApplication app)
    {
        _folder = folder;
        _app = app;
        _channel = GrpcChannel.ForAddress(ServiceHost.GrpcAddress(app));
        Consents = new Wire.ConsentService.ConsentServiceClient(_channel);
    }

    public Wire.ConsentService.ConsentServiceClient Consents { get; }

    public IServiceProvider Services => _app.Services;

    public string GrpcAddress => ServiceHost.GrpcAddress(_app);

    public string HttpAddress => ServiceHost.HttpAddress(_app);

    public static Metadata Operator { get; } = Bearer(OperatorKey);

    /// <param name="database">The settings of its database.</param>
    /// <param name="realms">Where realms come from.</param>
    /// <param name="clock">The time.</param>
    /// <param name="more">Further settings.</param>
    public static async Task<ConsentReplica> StartAsync(
        IReadOnlyDictionary<string, string?> database, IRealmFeed realms, TimeProvider clock, params (string Key, string? Value)[] more)
    {
        var folder = new TemporaryFolder();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var settings = new Dictionary<string, string?>(database)
        {
            ["Listen:Grpc"] = "http://127.0.0.1:0",
            ["Listen:Http"] = "http://127.0.0.1:0",
            ["Peers:RealmAdmin:Address"] = "http://127.0.0.1:1",
            ["Peers:Token:Address"] = "http://127.0.0.1:1",
            ["ServiceKey:PrivateKey"] = key.ExportPkcs8PrivateKeyPem(),
            ["Operator:KeyFile"] = Secret(folder.File("operator.key")),
            ["Logging:LogLevel:Default"] = Environment.GetEnvironmentVariable("TEST_LOG") ?? "Critical",
        };
        foreach (var (setting, value) in more)
        {
            settings[setting] = value;
        }

        var app = ConsentHost.Build([], settings, services => services
            .Replace(ServiceDescriptor.Singleton(realms))
            .Replace(ServiceDescriptor.Singleton(clock))
            // Deadlines of calls are the network's business, which follows the system's clock.
            .Replace(ServiceDescriptor.Singleton(p => new PeerChannels(
                p.GetRequiredService<IOptions<PeersSettings>>(), p.GetRequiredService<ServiceAssertions>(), TimeProvider.System))));
        await ServiceHost.StartAsync(app);
        return new ConsentReplica(folder, app);
    }

    public static Metadata Bearer(string credential) => new() { { "authorization", $"Bearer {credential}" } };

    /// <summary>Waits until the service has this revision of the realm.</summary>
    public async Task ReachAsync(string realmId, long revision) =>
        await Services.GetRequiredService<RealmSnapshots>().GetAsync(realmId, revision, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private static string Secret(string file)
    {
        PrivateFile.Write(file, OperatorKey);
        return file;
    }
}
