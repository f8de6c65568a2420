using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Token;
using Pltfrms.Iam.Token.Audit;
using Testing;

namespace Benchmarks.Soak;

/// <summary>The token service's parts as it composes them, without its listeners: nobody calls it but this process.</summary>
internal sealed class TokenParts : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly WebApplication _app;

    private TokenParts(IReadOnlyDictionary<string, string?> database, TimeProvider clock)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var settings = new Dictionary<string, string?>(database)
        {
            ["Listen:Grpc"] = "http://127.0.0.1:0",
            ["Listen:Http"] = "http://127.0.0.1:0",
            ["Peers:RealmAdmin:Address"] = "http://127.0.0.1:1",
            ["Peers:Consent:Address"] = "http://127.0.0.1:1",
            ["ServiceKey:PrivateKey"] = key.ExportPkcs8PrivateKeyPem(),
            ["Operator:KeyFile"] = Private("operator.key", Convert.ToHexString(RandomNumberGenerator.GetBytes(32))),
            ["Token:PublicAddress"] = "https://iam.example",
            ["Token:KeyEncryptionKeyFile"] = Private("encryption.key", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
            ["Token:RequestsPerClientPerSecond"] = "1000000",
            ["Logging:LogLevel:Default"] = "Error",
        };
        _app = TokenHost.Build([], settings, services => services
            .Replace(ServiceDescriptor.Singleton<IRealmFeed>(new SoakRealm()))
            .Replace(ServiceDescriptor.Singleton(clock)));
    }

    public static async Task<TokenParts> StartAsync(IReadOnlyDictionary<string, string?> database, TimeProvider clock)
    {
        var parts = new TokenParts(database, clock);
        await new Migrator(parts.Get<IDatabase>(), typeof(TokenHost).Assembly, TimeProvider.System).MigrateAsync(CancellationToken.None);
        await parts.Events.StartAsync(CancellationToken.None);
        return parts;
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>The one part that works by itself.</summary>
    private TokenEventWriter Events => _app.Services.GetServices<IHostedService>().OfType<TokenEventWriter>().Single();

    public async ValueTask DisposeAsync()
    {
        await Events.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private string Private(string name, string content)
    {
        var file = _folder.File(name);
        File.WriteAllText(file, content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return file;
    }
}
