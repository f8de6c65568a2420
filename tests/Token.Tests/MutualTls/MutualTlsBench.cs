using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Testing;
using Token.Tests.Authorization;
using Token.Tests.ClientAuthentication;
using Token.Tests.Hosting;

namespace Token.Tests.MutualTls;

/// <summary>Three token services on one database: one that terminates TLS itself, one behind a proxy on this machine, and one that trusts another machine's.</summary>
public sealed class MutualTlsBench : IAsyncLifetime
{
    public const string TokenPath = "/realms/demo/oauth2/token";
    public const string Header = "Client-Cert";
    public const string MutualTlsAddress = "https://mtls.iam.example";

    private readonly SqliteTokenDatabase _database = new();
    private readonly TemporaryFolder _folder = new();
    private readonly List<HttpClient> _clients = [];
    private readonly X509Certificate2 _server = TestCertificates.Client("CN=127.0.0.1", names: names => names.AddIpAddress(IPAddress.Loopback), isForServers: true);

    public FakeClock Clock { get; } = new();

    internal TestConsent Consent { get; } = new();

    internal TestRealmFeed Realms { get; } = new();

    internal TokenReplica Direct { get; private set; } = null!;

    internal TokenReplica BehindProxy { get; private set; } = null!;

    internal TokenReplica BehindAnother { get; private set; } = null!;

    internal X509Certificate2 Authority { get; } = TestCertificates.Authority("CN=Clients of demo,O=Example,C=DE");

    /// <summary>An authority of the same name that the realm does not know.</summary>
    internal X509Certificate2 Namesake { get; } = TestCertificates.Authority("CN=Clients of demo,O=Example,C=DE");

    /// <summary>The good certificate of the client <c>billing</c>.</summary>
    internal X509Certificate2 Billing { get; private set; } = null!;

    /// <summary>The certificate of <c>selfmade</c>, which is in its keys with <c>x5c</c>.</summary>
    internal X509Certificate2 Selfmade { get; } = TestCertificates.Client("CN=selfmade");

    /// <summary>A certificate of a key of <c>keyed</c>, which has no <c>x5c</c>.</summary>
    internal X509Certificate2 Keyed { get; } = TestCertificates.Client("CN=anything");

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        Billing = TestCertificates.Client("CN=billing,O=Example,C=DE", Authority);
        Realms.Set("demo", TestRealm.Resources("demo"));
        Realms.Change("demo", [Realm("demo", Authority), .. Clients("demo")]);
        Realms.Set("other", TestRealm.Resources("other"));
        Realms.Change("other", [Realm("other", Namesake), .. Clients("other")]);
        Direct = await StartAsync(new() { ["Listen:MutualTls"] = "https://127.0.0.1:0", ["Token:MutualTlsAddress"] = MutualTlsAddress });
        BehindProxy = await StartAsync(new() { ["Token:ClientCertificateHeader"] = Header, ["Token:ClientCertificateProxies:0"] = "127.0.0.0/8" });
        BehindAnother = await StartAsync(new()
        {
            ["Token:ClientCertificateHeader"] = Header,
            ["Token:ClientCertificateProxies:0"] = "10.0.0.0/8",
            ["Token:ClientCertificateProxies:1"] = "2001:db8::1",
        });
    }

    public async Task DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await Direct.DisposeAsync();
        await BehindProxy.DisposeAsync();
        await BehindAnother.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>A program that shows a certificate to whoever asks, good or not; null: it has none.</summary>
    internal HttpClient With(X509Certificate2? certificate)
    {
        var client = new HttpClient(Handler(certificate)) { BaseAddress = new Uri(Direct.MutualTlsAddress) };
        _clients.Add(client);
        return client;
    }

    internal SocketsHttpHandler Handler(X509Certificate2? certificate) => new()
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(_server.RawData),
            LocalCertificateSelectionCallback = certificate is null ? null : (_, _, _, _, _) => certificate,
        },
    };

    internal static Task<HttpResponseMessage> PostAsync(HttpClient http, string path, params (string Name, string Value)[] form) =>
        PostAsync(http, path, headers: [], form);

    internal static async Task<HttpResponseMessage> PostAsync(
        HttpClient http, string path, (string Name, string Value)[] headers, params (string Name, string Value)[] form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(form.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))),
        };
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return await http.SendAsync(request);
    }

    /// <summary>What a client gets that asks for a token for itself.</summary>
    internal static async Task<(int Status, JsonElement Answer)> AskAsync(HttpClient http, string clientId, params (string Name, string Value)[] headers)
    {
        using var response = await PostAsync(http, TokenPath, headers, ("grant_type", "client_credentials"), ("client_id", clientId));
        return ((int)response.StatusCode, await TokenReplica.JsonAsync(response));
    }

    internal static async Task AssertRefusedAsync(HttpClient http, string clientId, string what, params (string Name, string Value)[] headers)
    {
        var (status, answer) = await AskAsync(http, clientId, headers);
        Assert.True(
            (status, answer.GetProperty("error").GetString()) == (401, "invalid_client"),
            $"{what}: {status} {answer}");
    }

    internal static async Task<JsonElement> AssertGivenAsync(HttpClient http, string clientId, string what, params (string Name, string Value)[] headers)
    {
        var (status, answer) = await AskAsync(http, clientId, headers);
        Assert.True(status == 200, $"{what}: {status} {answer}");
        return answer;
    }

    internal async Task<TokenReplica> StartAsync(Dictionary<string, string?> own)
    {
        using var key = _server.GetECDsaPrivateKey()!;
        var (certificateFile, keyFile) = (_folder.File("server.pem"), _folder.File("server.key"));
        await File.WriteAllTextAsync(certificateFile, _server.ExportCertificatePem());
        PrivateFile.Write(keyFile, key.ExportPkcs8PrivateKeyPem());
        var settings = new Dictionary<string, string?>(_database.Settings)
        {
            ["Listen:Tls:CertificateFile"] = certificateFile,
            ["Listen:Tls:KeyFile"] = keyFile,
            ["Token:PublicAddress"] = FlowBench.PublicAddress,
            ["Token:DevelopmentLogin"] = "true",
        };
        foreach (var (name, value) in own)
        {
            settings[name] = value;
        }

        return await TokenReplica.StartAsync(settings, Realms, Clock, Consent);
    }

    private static Realm Realm(string realmId, X509Certificate2 authority) =>
        TestRealm.Resources(realmId).OfType<Realm>().Single() with { ClientCertificateAuthorities = authority.ExportCertificatePem() };

    private IRealmResource[] Clients(string realmId) =>
    [
        Client(realmId, "billing") with { TlsClientAuth = new() { SubjectDn = "cn=billing, o=example, c=de" } },
        Client(realmId, "by-dns") with { TlsClientAuth = new() { SanDns = "billing.example" } },
        Client(realmId, "by-uri") with { TlsClientAuth = new() { SanUri = "spiffe://example/billing" } },
        Client(realmId, "by-ip") with { TlsClientAuth = new() { SanIp = "192.0.2.7" } },
        Client(realmId, "by-email") with { TlsClientAuth = new() { SanEmail = "billing@example.com" } },
        Client(realmId, "free") with { TokenEndpointAuthMethod = null, TlsClientAuth = new() { SanDns = "free.example" }, Secrets = [TestRealm.Secret("1", TestRealm.ServiceSecret, null)] },
        Client(realmId, "off") with { Disabled = true, TlsClientAuth = new() { SubjectDn = "CN=billing,O=Example,C=DE" } },
        Client(realmId, "bound") with { TlsClientAuth = new() { SubjectDn = "CN=billing,O=Example,C=DE" }, TlsClientCertificateBoundAccessTokens = true },
        Client(realmId, "bound-secret") with
        {
            TokenEndpointAuthMethod = TokenEndpointAuthMethods.ClientSecretBasic,
            TlsClientCertificateBoundAccessTokens = true,
            Secrets = [TestRealm.Secret("1", TestRealm.ServiceSecret, null)],
        },
        Client(realmId, "selfmade") with { TokenEndpointAuthMethod = TokenEndpointAuthMethods.SelfSignedTlsClientAuth, Jwks = SetOf(Selfmade, withCertificate: true) },
        Client(realmId, "keyed") with { TokenEndpointAuthMethod = TokenEndpointAuthMethods.SelfSignedTlsClientAuth, Jwks = SetOf(Keyed, withCertificate: false) },
        TestRealm.Client(realmId, "native", ["invoices.read"]) with
        {
            GrantTypes = ["authorization_code", "refresh_token"],
            RedirectUris = [FlowBench.Callback],
            TlsClientCertificateBoundAccessTokens = true,
        },
        TestRealm.Binding(realmId, "b-bound", MemberType.Client, "bound", IamPermissions.ResourceServerRole, null),
    ];

    private static Client Client(string realmId, string clientId) => TestRealm.Client(realmId, clientId, ["invoices.read", IamPermissions.TokensIntrospect]) with
    {
        ClientType = ClientType.Web,
        GrantTypes = ["client_credentials", "authorization_code", "urn:ietf:params:oauth:grant-type:device_code"],
        RedirectUris = [FlowBench.Callback],
        TokenEndpointAuthMethod = TokenEndpointAuthMethods.TlsClientAuth,
    };

    private static string SetOf(X509Certificate2 certificate, bool withCertificate)
    {
        using var key = certificate.GetECDsaPublicKey()!;
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var jwk = new Dictionary<string, object>
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["x"] = ClientKey.Encode(point.X!),
            ["y"] = ClientKey.Encode(point.Y!),
        };
        if (withCertificate)
        {
            jwk["x5c"] = new[] { Convert.ToBase64String(certificate.RawData) };
        }

        return JsonSerializer.Serialize(new { keys = new[] { jwk } });
    }
}
