using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Testing;
using Token.Tests.Authorization;
using Token.Tests.ClientAuthentication;
using Token.Tests.Hosting;

namespace Token.Tests.Profiles;

/// <summary>A realm that asks every client for FAPI 2.0, and one that asks some, behind a proxy that tells of certificates.</summary>
public sealed class FapiBench : IAsyncLifetime
{
    public const string TokenPath = "/realms/demo/oauth2/token";
    public const string ParPath = "/realms/demo/oauth2/par";

    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private const string Header = "Client-Cert";

    private readonly SqliteTokenDatabase _database = new();

    internal static ClientKey Key { get; } = ClientKey.Of("ES256", "es256");

    internal static ClientKey Ps256 { get; } = ClientKey.Of("PS256", "ps256");

    internal static ClientKey Es384 { get; } = ClientKey.Of("ES384", "es384");

    internal static ClientKey Rs256 { get; } = ClientKey.Of("RS256", "rs256");

    internal static ClientKey TwinKey { get; } = ClientKey.Of("ES256", "twin");

    internal X509Certificate2 Certificate { get; } = TestCertificates.Client("CN=signer");

    internal X509Certificate2 Another { get; } = TestCertificates.Client("CN=another");

    public FakeClock Clock { get; } = new();

    internal TestConsent Consent { get; } = new();

    internal TestRealmFeed Realms { get; } = new();

    internal TokenReplica Service { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        Realms.Set("demo", TestRealm.Resources("demo"));
        Realms.Change("demo", [TestRealm.Resources("demo").OfType<Realm>().Single() with { SecurityProfile = SecurityProfile.Fapi2 }, .. Clients("demo")]);
        Realms.Set("other", TestRealm.Resources("other"));
        Realms.Change("other", [.. Clients("other")]);
        Service = await TokenReplica.StartAsync(
            new Dictionary<string, string?>(_database.Settings)
            {
                ["Token:PublicAddress"] = FlowBench.PublicAddress,
                ["Token:DevelopmentLogin"] = "true",
                ["Token:ClientCertificateHeader"] = Header,
                ["Token:ClientCertificateProxies:0"] = "127.0.0.1",
            },
            Realms,
            Clock,
            Consent);
    }

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>What a client says in its assertion, with changes; a value that is null is left out.</summary>
    internal JsonObject Claims(string clientId, string realmId = "demo", params (string Name, JsonNode? Value)[] changes)
    {
        var now = Clock.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = clientId,
            ["sub"] = clientId,
            ["aud"] = $"{FlowBench.PublicAddress}/realms/{realmId}",
            ["exp"] = now + 60,
            ["iat"] = now,
            ["jti"] = $"{Guid.NewGuid()}",
        };
        foreach (var (name, value) in changes)
        {
            claims.Remove(name);
            if (value is not null)
            {
                claims[name] = value;
            }
        }

        return claims;
    }

    /// <summary>A good assertion of the client <c>signer</c>, or of its twin.</summary>
    internal string Assertion(string clientId = "signer", string realmId = "demo") =>
        (clientId == "twin" ? TwinKey : Key).Sign([], Claims(clientId, realmId));

    /// <summary>Posts a form with an assertion and, where it is not null, a certificate.</summary>
    internal Task<HttpResponseMessage> PostAsync(
        string path, string? assertion, X509Certificate2? certificate, params IEnumerable<(string Name, string Value)> form) =>
        PostAsync(path, assertion, certificate, proof: null, form);

    /// <summary>The same with a DPoP proof.</summary>
    internal async Task<HttpResponseMessage> PostAsync(
        string path, string? assertion, X509Certificate2? certificate, string? proof, IEnumerable<(string Name, string Value)> form)
    {
        var signed = assertion is null ? form : [.. form, ("client_assertion_type", AssertionType), ("client_assertion", assertion)];
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(signed.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))),
        };
        if (certificate is not null)
        {
            request.Headers.Add(Header, $":{Convert.ToBase64String(certificate.RawData)}:");
        }

        if (proof is not null)
        {
            request.Headers.Add("DPoP", proof);
        }

        return await Service.Http.SendAsync(request);
    }

    /// <summary>Pushes a request that nothing is wrong with, but for the changes.</summary>
    internal Task<HttpResponseMessage> PushAsync(params (string Name, string? Value)[] changes)
    {
        var parameters = FlowBench.With([("client_id", "signer"), .. changes]);
        return PostAsync(ParPath, Assertion(), null, parameters.Select(pair => (pair.Key, pair.Value)));
    }

    internal async Task<string> PushedAsync(params (string Name, string? Value)[] changes)
    {
        using var response = await PushAsync(changes);
        var json = await TokenReplica.JsonAsync(response);
        Assert.True((int)response.StatusCode == 201, json.GetRawText());
        return json.GetProperty("request_uri").GetString()!;
    }

    internal static string Address(string requestUri, string clientId = "signer") =>
        FlowBench.Address(new(StringComparer.Ordinal) { ["client_id"] = clientId, ["request_uri"] = requestUri });

    /// <summary>From a pushed request to the application's callback.</summary>
    internal async Task<TestBrowser.Page> AuthorizeAsync(string requestUri)
    {
        using var browser = new TestBrowser(Service.Http.BaseAddress!, FlowBench.PublicAddress);
        var login = await browser.GetAsync(Address(requestUri));
        var posted = await browser.PostAsync($"{FlowBench.Authorize}/login", ("request", login.Hidden("request")), ("username", "carol"));
        var page = await browser.FollowAsync(posted);
        return await browser.GetAsync($"{Consent.Questions.Last().ReturnUri}&consent_challenge={page.Location![TestConsent.Page.Length..]}");
    }

    internal async Task<string> CodeAsync(params (string Name, string? Value)[] changes) =>
        (await AuthorizeAsync(await PushedAsync(changes))).Parameter("code") ?? throw new InvalidOperationException("There is no code.");

    internal Task<HttpResponseMessage> RedeemAsync(
        string code, string clientId = "signer", X509Certificate2? certificate = null, string? verifier = FlowBench.Verifier, string redirectUri = FlowBench.Callback) =>
        PostAsync(
            TokenPath,
            Assertion(clientId),
            certificate ?? Certificate,
            [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirectUri), .. verifier is null ? [] : new[] { ("code_verifier", verifier) }]);

    internal Task<HttpResponseMessage> RefreshAsync(string refreshToken, string clientId = "signer", X509Certificate2? certificate = null) =>
        PostAsync(TokenPath, Assertion(clientId), certificate ?? Certificate, ("grant_type", "refresh_token"), ("refresh_token", refreshToken));

    internal async Task<JsonElement> TokensAsync()
    {
        using var response = await RedeemAsync(await CodeAsync());
        var tokens = await TokenReplica.JsonAsync(response);
        Assert.True(response.IsSuccessStatusCode, tokens.GetRawText());
        return tokens;
    }

    private static IRealmResource[] Clients(string realmId) =>
    [
        Client(realmId, "signer") with { Jwks = ClientKey.SetOf(Key, Ps256, Es384, Rs256) },
        Client(realmId, "twin") with { Jwks = ClientKey.SetOf(TwinKey) },
        Client(realmId, "old") with { Jwks = ClientKey.SetOf(Key), AccessTokenSignedResponseAlg = "RS256" },
        Client(realmId, "strict") with { Jwks = ClientKey.SetOf(Key), SecurityProfile = SecurityProfile.Fapi2, Secrets = [TestRealm.Secret("1", TestRealm.ServiceSecret, null)] },
        Client(realmId, "secretive") with { Secrets = [TestRealm.Secret("1", TestRealm.ServiceSecret, null)] },
        Client(realmId, "native") with { ClientType = ClientType.Public, Jwks = ClientKey.SetOf(Key) },
        TestRealm.Binding(realmId, "b-signer", MemberType.Client, "signer", IamPermissions.ResourceServerRole, null),
    ];

    private static Client Client(string realmId, string clientId) => TestRealm.Client(realmId, clientId, ["invoices.read", "invoices.create", IamPermissions.TokensIntrospect]) with
    {
        ClientType = ClientType.Web,
        GrantTypes = ["authorization_code", "client_credentials", "refresh_token"],
        RedirectUris = [FlowBench.Callback, "https://app.example/cb"],
    };
}
