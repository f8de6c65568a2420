using System.Security.Cryptography;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Consent;
using Pltfrms.Iam.RealmAdmin;
using Pltfrms.Iam.RealmAdmin.V1;
using Pltfrms.Iam.Token;
using Testing;
using Testing.Databases;

namespace Suite.Tests;

/// <summary>Two replicas each of token and consent, and one realm-admin, on PostgreSQL: each service on a database of its own.</summary>
internal sealed class Replicas : IAsyncDisposable
{
    private const string OperatorKey = "an-operator-key-that-only-these-tests-know";

    private readonly TemporaryFolder _folder = new();
    private readonly List<PostgresTestDatabase> _databases = [];
    private readonly List<WebApplication> _services = [];
    private readonly List<Func<WebApplication>> _tokens = [];
    private readonly List<Func<WebApplication>> _consents = [];
    private Func<string, int, Dictionary<string, string?>> _tokenProcess = null!;
    private readonly Dictionary<string, (string Private, string Public)> _keys =
        new[] { ServiceNames.RealmAdmin, ServiceNames.Token, ServiceNames.Consent }.ToDictionary(name => name, _ => NewKey());

    public static Metadata Operator { get; } = SuiteProcess.Bearer(OperatorKey);

    /// <summary>The token service that browsers and clients use.</summary>
    public string Issuing { get; private set; } = "";

    public GrpcChannel Admin { get; private set; } = null!;

    /// <summary>Of realm-admin, token and consent.</summary>
    public IReadOnlyList<TestDatabase> Databases => _databases;

    public IReadOnlyList<GrpcChannel> Tokens { get; private set; } = [];

    public IReadOnlyList<GrpcChannel> Consents { get; private set; } = [];

    public static async Task<Replicas> StartAsync()
    {
        var replicas = new Replicas();
        var operatorFile = replicas.WriteSecret("operator.key", OperatorKey);
        var encryptionFile = replicas.WriteSecret("encryption.key", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        var (realmAdmin, tokens, consents) = (FreePort.Next(), new[] { FreePort.Next(), FreePort.Next() }, new[] { FreePort.Next(), FreePort.Next() });
        var http = FreePort.Next();
        replicas.Issuing = Local(http);

        var admin = await replicas.DatabaseAsync(new RealmAdminTables(), ServiceNames.RealmAdmin, operatorFile);
        await replicas.StartAsync(RealmAdminHost.Build([], replicas.RealmAdmin(admin, realmAdmin, tokens[0], consents[0])));
        await replicas.ImportAsync(realmAdmin);
        var token = await replicas.DatabaseAsync(new TokenTables(), ServiceNames.Token, operatorFile);
        var consent = await replicas.DatabaseAsync(new ConsentTables(), ServiceNames.Consent, operatorFile);
        for (var i = 0; i < 2; i++)
        {
            var (listen, atToken, atConsent) = (i == 0 ? Local(http) : Local(0), tokens[i], consents[i]);
            replicas._tokens.Add(() => TokenHost.Build([], replicas.Token(token, listen, atToken, realmAdmin, atConsent, encryptionFile)));
            replicas._consents.Add(() => ConsentHost.Build([], replicas.Consent(consent, atConsent, realmAdmin, atToken)));
        }

        replicas._tokenProcess = (listen, port) => replicas.Token(token, listen, port, realmAdmin, consents[0], encryptionFile);
        await replicas.StartTokensAsync();
        await replicas.StartConsentsAsync();
        replicas.Admin = GrpcChannel.ForAddress(Local(realmAdmin));
        replicas.Tokens = [.. tokens.Select(port => GrpcChannel.ForAddress(Local(port)))];
        replicas.Consents = [.. consents.Select(port => GrpcChannel.ForAddress(Local(port)))];
        return replicas;
    }

    /// <summary>One more token service on the same database, as a process that can be killed.</summary>
    public Task<TokenProcess> StartTokenProcessAsync()
    {
        var http = Local(FreePort.Next());
        return TokenProcess.StartAsync(http, _tokenProcess(http, FreePort.Next()));
    }

    public Task StartTokensAsync() => StartAsync(_tokens);

    public Task StartConsentsAsync() => StartAsync(_consents);

    public Task StopTokensAsync() => StopAsync<TokenOptions>();

    public Task StopConsentsAsync() => StopAsync<ConsentOptions>();

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in Tokens.Concat(Consents).Append(Admin))
        {
            channel.Dispose();
        }

        await Task.WhenAll(_services.Select(service => service.StopAsync()));
        foreach (var service in _services)
        {
            await service.DisposeAsync();
        }

        foreach (var database in _databases)
        {
            await database.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task StartAsync(IEnumerable<Func<WebApplication>> services)
    {
        foreach (var build in services)
        {
            await StartAsync(build());
        }
    }

    /// <summary>Stops all replicas of a service, which is known by its options.</summary>
    private async Task StopAsync<TOptions>()
    {
        foreach (var service in _services.Where(running => running.Services.GetService(typeof(TOptions)) is not null).ToList())
        {
            _services.Remove(service);
            await service.StopAsync();
            await service.DisposeAsync();
        }
    }

    private async Task StartAsync(WebApplication service)
    {
        _services.Add(service);
        await ServiceHost.StartAsync(service);
    }

    private async Task ImportAsync(int port)
    {
        using var channel = GrpcChannel.ForAddress(Local(port));
        var document = (await File.ReadAllTextAsync(SuiteProcess.DemoRealmFile)).Replace(
            "scopes: [invoices.read, invoices.create, invoices.approve, payments.refund]",
            "scopes: [invoices.read, invoices.create, invoices.approve, payments.refund, iam.consents.self]",
            StringComparison.Ordinal);
        await new RealmService.RealmServiceClient(channel).ImportRealmAsync(new() { RealmId = "demo", Document = document }, Operator);
    }

    private Dictionary<string, string?> RealmAdmin(Dictionary<string, string?> database, int port, int token, int consent) => new(database)
    {
        ["Listen:Grpc"] = Local(port),
        ["Listen:Http"] = null,
        ["Peers:Token:Address"] = Local(token),
        ["Peers:Consent:Address"] = Local(consent),
        // Longer than the two seconds after which a realm is stale.
        ["Erasure:Quarantine"] = "00:00:02.5",
        ["Erasure:Interval"] = "00:00:00.2",
        [$"TrustedServices:{ServiceNames.Token}:PublicKey"] = _keys[ServiceNames.Token].Public,
        [$"TrustedServices:{ServiceNames.Token}:Permissions:0"] = IamPermissions.RealmsWatch,
        [$"TrustedServices:{ServiceNames.Token}:Permissions:1"] = IamPermissions.UsersResolve,
        [$"TrustedServices:{ServiceNames.Consent}:PublicKey"] = _keys[ServiceNames.Consent].Public,
        [$"TrustedServices:{ServiceNames.Consent}:Permissions:0"] = IamPermissions.RealmsWatch,
        [$"TrustedServices:{ServiceNames.Consent}:Permissions:1"] = IamPermissions.AuditAnchor,
    };

    private Dictionary<string, string?> Token(
        Dictionary<string, string?> database, string http, int port, int realmAdmin, int consent, string encryptionFile) => new(database)
        {
            ["Listen:Grpc"] = Local(port),
            ["Listen:Http"] = http,
            ["Peers:RealmAdmin:Address"] = Local(realmAdmin),
            ["Peers:Consent:Address"] = Local(consent),
            ["Token:PublicAddress"] = Issuing,
            ["Token:DevelopmentLogin"] = "true",
            ["Token:KeyEncryptionKeyFile"] = encryptionFile,
            ["Secrets:KeyFile"] = encryptionFile,
            [$"TrustedServices:{ServiceNames.Consent}:PublicKey"] = _keys[ServiceNames.Consent].Public,
            [$"TrustedServices:{ServiceNames.Consent}:Permissions:0"] = IamPermissions.PermissionsCheck,
            [$"TrustedServices:{ServiceNames.Consent}:Permissions:1"] = IamPermissions.TokensIntrospect,
            [$"TrustedServices:{ServiceNames.Consent}:Permissions:2"] = IamPermissions.GrantsRead,
            [$"TrustedServices:{ServiceNames.Consent}:Permissions:3"] = IamPermissions.GrantsRevoke,
            [$"TrustedServices:{ServiceNames.RealmAdmin}:PublicKey"] = _keys[ServiceNames.RealmAdmin].Public,
            [$"TrustedServices:{ServiceNames.RealmAdmin}:Permissions:0"] = IamPermissions.RealmsErase,
        };

    private Dictionary<string, string?> Consent(Dictionary<string, string?> database, int port, int realmAdmin, int token) => new(database)
    {
        ["Listen:Grpc"] = Local(port),
        ["Listen:Http"] = Local(0),
        ["Peers:RealmAdmin:Address"] = Local(realmAdmin),
        ["Peers:Token:Address"] = Local(token),
        [$"TrustedServices:{ServiceNames.Token}:PublicKey"] = _keys[ServiceNames.Token].Public,
        [$"TrustedServices:{ServiceNames.Token}:Permissions:0"] = IamPermissions.ConsentsStart,
        [$"TrustedServices:{ServiceNames.RealmAdmin}:PublicKey"] = _keys[ServiceNames.RealmAdmin].Public,
        [$"TrustedServices:{ServiceNames.RealmAdmin}:Permissions:0"] = IamPermissions.RealmsErase,
    };

    private async Task<Dictionary<string, string?>> DatabaseAsync(PostgresTestDatabase database, string service, string operatorFile)
    {
        await database.InitializeAsync();
        _databases.Add(database);
        return new Dictionary<string, string?>(database.Settings)
        {
            ["ServiceKey:PrivateKey"] = _keys[service].Private,
            ["Operator:KeyFile"] = operatorFile,
            ["Logging:LogLevel:Default"] = "Critical",
        };
    }

    private string WriteSecret(string name, string content)
    {
        var file = _folder.File(name);
        File.WriteAllText(file, content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return file;
    }

    private static (string Private, string Public) NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return (key.ExportPkcs8PrivateKeyPem(), key.ExportSubjectPublicKeyInfoPem());
    }

    private static string Local(int port) => $"http://127.0.0.1:{port}";

    private sealed class RealmAdminTables() : PostgresTestDatabase(typeof(RealmAdminHost).Assembly);

    private sealed class TokenTables() : PostgresTestDatabase(typeof(TokenHost).Assembly);

    private sealed class ConsentTables() : PostgresTestDatabase(typeof(ConsentHost).Assembly);
}
