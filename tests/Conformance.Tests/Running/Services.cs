using System.Security.Cryptography;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.RealmAdmin;
using Pltfrms.Iam.RealmAdmin.V1;
using Pltfrms.Iam.Token;
using Testing;

namespace Conformance.Tests.Running;

/// <summary>realm-admin and token in this process on free ports, with the demo realm and the realms of the realms folder, imported through gRPC.</summary>
public sealed class Services : IAsyncLifetime
{
    public const string PublicAddress = "https://iam.conformance.example";

    private readonly TemporaryFolder _folder = new();
    private readonly ServiceKey _realmAdminKey = new();
    private readonly ServiceKey _tokenKey = new();
    private readonly List<WebApplication> _hosts = [];
    private GrpcChannel? _tokenChannel;

    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });

    public string TokenHttpAddress { get; } = Address();

    public GrpcChannel TokenChannel => _tokenChannel ?? throw new InvalidOperationException("The fixture is not initialized.");

    public async Task InitializeAsync()
    {
        var operatorKey = await WriteSecretAsync("operator.key", Convert.ToHexString(RandomNumberGenerator.GetBytes(32)));
        await WriteSecretAsync("key-encryption.key", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        var (realmAdminAddress, tokenAddress) = (Address(), Address());
        _hosts.Add(RealmAdminHost.Build([], RealmAdminSettings(realmAdminAddress, tokenAddress)));
        _hosts.Add(TokenHost.Build([], TokenSettings(realmAdminAddress, tokenAddress)));
        foreach (var host in _hosts)
        {
            await ServiceHost.StartAsync(host);
        }

        await ImportAsync(realmAdminAddress, operatorKey);
        _tokenChannel = GrpcChannel.ForAddress(tokenAddress);
    }

    public async Task DisposeAsync()
    {
        _tokenChannel?.Dispose();
        Http.Dispose();
        foreach (var host in _hosts.AsEnumerable().Reverse())
        {
            await host.StopAsync();
            await host.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static async Task ImportAsync(string realmAdminAddress, string operatorKey)
    {
        using var channel = GrpcChannel.ForAddress(realmAdminAddress);
        var realms = new RealmService.RealmServiceClient(channel);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "realms"), "*.yaml").Order(StringComparer.Ordinal))
        {
            var realmId = Path.GetFileName(file)[..^"-realm.yaml".Length];
            var request = new ImportRealmRequest { RealmId = realmId, Document = await File.ReadAllTextAsync(file) };
            await realms.ImportRealmAsync(request, new Metadata { { "authorization", $"Bearer {operatorKey}" } });
        }
    }

    private Dictionary<string, string?> RealmAdminSettings(string grpcAddress, string tokenAddress) => new()
    {
        ["Listen:Grpc"] = grpcAddress,
        ["Database:Engine"] = "sqlite",
        ["Database:File"] = _folder.File("realm-admin.db"),
        ["Peers:Token:Address"] = tokenAddress,
        ["ServiceKey:PrivateKey"] = _realmAdminKey.Private,
        [$"TrustedServices:{ServiceNames.Token}:PublicKey"] = _tokenKey.Public,
        [$"TrustedServices:{ServiceNames.Token}:Permissions:0"] = IamPermissions.RealmsWatch,
        [$"TrustedServices:{ServiceNames.Token}:Permissions:1"] = IamPermissions.AuditRecord,
        [$"TrustedServices:{ServiceNames.Token}:Permissions:5"] = IamPermissions.ClientsRegister,
        ["Operator:KeyFile"] = _folder.File("operator.key"),
        ["Logging:LogLevel:Default"] = "Error",
    };

    private Dictionary<string, string?> TokenSettings(string realmAdminAddress, string grpcAddress) => new()
    {
        ["Listen:Grpc"] = grpcAddress,
        ["Listen:Http"] = TokenHttpAddress,
        ["Database:Engine"] = "sqlite",
        ["Database:File"] = _folder.File("token.db"),
        ["Peers:RealmAdmin:Address"] = realmAdminAddress,
        ["ServiceKey:PrivateKey"] = _tokenKey.Private,
        [$"TrustedServices:{ServiceNames.RealmAdmin}:PublicKey"] = _realmAdminKey.Public,
        [$"TrustedServices:{ServiceNames.RealmAdmin}:Permissions:0"] = IamPermissions.PermissionsCheck,
        [$"TrustedServices:{ServiceNames.RealmAdmin}:Permissions:1"] = IamPermissions.TokensIntrospect,
        ["Operator:KeyFile"] = _folder.File("operator.key"),
        ["Token:PublicAddress"] = PublicAddress,
        // All cases come from one address.
        ["Token:RegistrationsPerAddressPerMinute"] = "100000",
        ["Token:KeyEncryptionKeyFile"] = _folder.File("key-encryption.key"),
        ["Logging:LogLevel:Default"] = "Error",
    };

    private static string Address() => $"http://127.0.0.1:{FreePort.Next()}";

    private async Task<string> WriteSecretAsync(string name, string secret)
    {
        var file = _folder.File(name);
        await File.WriteAllTextAsync(file, secret);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return secret;
    }

    private sealed class ServiceKey
    {
        private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        public string Private => _key.ExportPkcs8PrivateKeyPem();

        public string Public => _key.ExportSubjectPublicKeyInfoPem();
    }
}
