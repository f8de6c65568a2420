using System.Security.Cryptography.X509Certificates;
using Envoy.Service.Auth.V3;
using Grpc.Core;
using Pltfrms.Iam.Common.Realms.Model;
using Testing;
using Token.Tests.ClientAuthentication;
using Token.Tests.Dpop;
using Token.Tests.Hosting;
using AuthorizationClient = Envoy.Service.Auth.V3.Authorization.AuthorizationClient;

namespace Token.Tests.Envoy;

/// <summary>A token service that is asked as Envoy asks, and clients whose tokens are bound to keys and certificates.</summary>
public sealed class EnvoyFixture : IAsyncLifetime
{
    public const string Issuer = "https://iam.example/realms/demo";
    public const string Api = "https://api.demo.example";

    private const string CertificateHeader = "Client-Cert";

    private readonly SqliteTokenDatabase _database = new();

    internal FakeClock Clock { get; } = new();

    internal TestRealmFeed Realms { get; } = new();

    internal TokenReplica Service { get; private set; } = null!;

    internal AuthorizationClient Envoy { get; private set; } = null!;

    internal static ClientKey Key { get; } = ClientKey.Of("ES256", "proofs");

    internal static X509Certificate2 Certificate { get; } = TestCertificates.Client("CN=machine");

    /// <summary>As an Envoy that is a client of the realm sends it, from its <c>initial_metadata</c>.</summary>
    internal static Metadata Caller { get; } = new() { { "authorization", $"{TokenReplica.Basic("demo-api", TestRealm.ApiSecret)}" } };

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        Realms.Set("demo", TestRealm.Resources("demo"));
        Realms.Change(
            "demo",
            Realms.Resources("demo").OfType<Realm>().Single() with { AuthorizationDetailsTypes = [Invoices] },
            TestRealm.Client("demo", "machine", ["invoices.read"], TestRealm.ServiceSecret) with { AuthorizationDetailsTypes = ["invoice"] },
            TestRealm.Client("demo", "certified", ["invoices.read"], TestRealm.ServiceSecret) with { TlsClientCertificateBoundAccessTokens = true },
            TestRealm.Binding("demo", "e1", MemberType.Client, "machine", "accountant", null),
            TestRealm.Binding("demo", "e2", MemberType.Client, "certified", "viewer", null));
        Realms.Set("other", TestRealm.Resources("other"));
        var settings = new Dictionary<string, string?>(_database.Settings)
        {
            ["Token:ClientCertificateHeader"] = CertificateHeader,
            ["Token:ClientCertificateProxies:0"] = "127.0.0.0/8",
        };
        Service = await TokenReplica.StartAsync(settings, Realms, Clock);
        Envoy = new AuthorizationClient(Service.Channel);
    }

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await _database.DisposeAsync();
    }

    internal Task<string> TokenAsync(string clientId = "machine", params (string Name, string Value)[] parameters) =>
        Service.IssueAsync("demo", clientId, TestRealm.ServiceSecret, parameters);

    /// <summary>A token that is bound to <see cref="Key"/>, or to <see cref="Certificate"/>.</summary>
    internal async Task<string> BoundTokenAsync(bool toCertificate)
    {
        var proof = new ProofMaker(Key, "POST", $"{Issuer}/oauth2/token", Clock.GetUtcNow()).Make();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/realms/demo/oauth2/token")
        {
            Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]),
            Headers = { Authorization = TokenReplica.Basic(toCertificate ? "certified" : "machine", TestRealm.ServiceSecret) },
        };
        request.Headers.TryAddWithoutValidation(toCertificate ? CertificateHeader : "DPoP", toCertificate ? $":{Convert.ToBase64String(Certificate.RawData)}:" : proof);
        using var response = await Service.Http.SendAsync(request);
        return (await DpopBench.SuccessAsync(response)).GetProperty("access_token").GetString()!;
    }

    /// <summary>A request for invoice 42 through a route for invoices.read, as Envoy sends it.</summary>
    internal static CheckRequest Request(string? authorization, params (string Name, string Value)[] headers)
    {
        var http = new AttributeContext.Types.HttpRequest
        {
            Id = "17",
            Method = "GET",
            Scheme = "https",
            Host = "api.demo.example",
            Path = "/organizations/acme/invoices/42?page=1",
            Headers = { [":authority"] = "api.demo.example", [":method"] = "GET", ["x-request-id"] = "17" },
        };
        foreach (var (name, value) in headers)
        {
            http.Headers[name] = value;
        }

        if (authorization is not null)
        {
            http.Headers["authorization"] = authorization;
        }

        return new CheckRequest
        {
            Attributes = new AttributeContext
            {
                Source = new() { Address = new() { SocketAddress = new() { Address = "10.1.2.3", PortValue = 40000 } } },
                Request = new() { Http = http },
                ContextExtensions = { ["realm"] = "demo", ["permission"] = "invoices.read" },
            },
        };
    }

    internal async Task<CheckResponse> CheckAsync(CheckRequest request) => await Envoy.CheckAsync(request, Caller);

    private static AuthorizationDetailsType Invoices => new()
    {
        Type = "invoice",
        Audience = TestRealm.Api,
        Schema = """{"type": "object", "additionalProperties": true}""",
        Actions = [new("create", "invoices.create")],
    };
}
