using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pltfrms.Iam.Common.Realms.Model;
using Testing;
using Testing.Databases;
using Token.Tests.Hosting;

namespace Token.Tests.Authorization;

/// <summary>Two token services on one database, with the development login and a consent service in process.</summary>
internal sealed class FlowBench : IAsyncDisposable
{
    public const string PublicAddress = "http://127.0.0.1:8080";
    public const string Issuer = PublicAddress + "/realms/demo";
    public const string Callback = "http://127.0.0.1:8765/callback";
    public const string Authorize = "/realms/demo/oauth2/authorize";
    public const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    public static string Challenge { get; } = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    public required TokenReplica One { get; init; }

    public required TokenReplica Two { get; init; }

    public required FakeClock Clock { get; init; }

    public required TestConsent Consent { get; init; }

    public required TestRealmFeed Realms { get; init; }

    public static async Task<FlowBench> StartAsync(TestDatabase database)
    {
        var (clock, consent, realms) = (new FakeClock(), new TestConsent(), new TestRealmFeed());
        realms.Set("demo", TestRealm.Resources("demo"));
        realms.Change("demo", Clients("demo"));
        realms.Set("other", TestRealm.Resources("other"));
        realms.Change("other", Clients("other"));
        var settings = new Dictionary<string, string?>(database.Settings)
        {
            ["Token:PublicAddress"] = PublicAddress,
            ["Token:DevelopmentLogin"] = "true",
        };
        var one = await TokenReplica.StartAsync(settings, realms, clock, consent);
        return new FlowBench { One = one, Two = await TokenReplica.StartAsync(settings, realms, clock, consent), Clock = clock, Consent = consent, Realms = realms };
    }

    public TestBrowser Browser(TokenReplica? replica = null) => new((replica ?? One).Http.BaseAddress!, PublicAddress);

    /// <summary>The parameters of a request that nothing is wrong with.</summary>
    public static Dictionary<string, string> Parameters(string clientId = "demo-web") => new(StringComparer.Ordinal)
    {
        ["response_type"] = "code",
        ["client_id"] = clientId,
        ["redirect_uri"] = Callback,
        ["scope"] = "invoices.read",
        ["state"] = "s t&a=t/e\u00e4",
        ["code_challenge"] = Challenge,
        ["code_challenge_method"] = "S256",
    };

    /// <summary>The same with changes; a value that is null is not sent.</summary>
    public static Dictionary<string, string> With(params (string Name, string? Value)[] changes)
    {
        var parameters = Parameters();
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                parameters.Remove(name);
            }
            else
            {
                parameters[name] = value;
            }
        }

        return parameters;
    }

    public static string Address(Dictionary<string, string> parameters, string path = Authorize) =>
        $"{path}?{string.Join('&', parameters.Select(p => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(p.Value)}"))}";

    /// <summary>From the application's link to the page that the browser is sent to by the consent service, or to the callback.</summary>
    public async Task<TestBrowser.Page> LogInAsync(TestBrowser browser, Dictionary<string, string> parameters, string userName = "carol")
    {
        var login = await browser.GetAsync(Address(parameters));
        Assert.Equal((HttpStatusCode.OK, null), (login.Status, login.Location));
        var posted = await browser.PostAsync($"{Authorize}/login", ("request", login.Hidden("request")), ("username", userName));
        Assert.Equal(HttpStatusCode.SeeOther, posted.Status);
        return await browser.FollowAsync(posted);
    }

    /// <summary>The user says yes at the consent service's page.</summary>
    public async Task<TestBrowser.Page> ConsentAsync(TestBrowser browser, TestBrowser.Page page)
    {
        Assert.StartsWith(TestConsent.Page, page.Location);
        return await browser.GetAsync($"{Consent.Questions.Last().ReturnUri}&consent_challenge={page.Location![TestConsent.Page.Length..]}");
    }

    /// <summary>A code, all the way.</summary>
    public async Task<string> CodeAsync(Dictionary<string, string>? parameters = null, string userName = "carol")
    {
        using var browser = Browser();
        var page = await ConsentAsync(browser, await LogInAsync(browser, parameters ?? Parameters(), userName));
        Assert.StartsWith(Callback + "?", page.Location);
        return page.Parameter("code") ?? throw new InvalidOperationException(page.Location);
    }

    public static Task<HttpResponseMessage> RedeemAsync(TokenReplica replica, string code, params (string Name, string Value)[] more) => replica.PostAsync(
        "/realms/demo/oauth2/token",
        TokenReplica.Basic("demo-web", TestRealm.WebSecret),
        [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", Callback), ("code_verifier", Verifier), .. more]);

    public static Task<HttpResponseMessage> RefreshAsync(TokenReplica replica, string refreshToken, params (string Name, string Value)[] more) =>
        replica.PostAsync(
            "/realms/demo/oauth2/token",
            TokenReplica.Basic("demo-web", TestRealm.WebSecret),
            [("grant_type", "refresh_token"), ("refresh_token", refreshToken), .. more]);

    /// <summary>The answer to a code.</summary>
    public async Task<JsonElement> TokensAsync(Dictionary<string, string>? parameters = null, string userName = "carol")
    {
        using var response = await RedeemAsync(One, await CodeAsync(parameters, userName));
        var json = await TokenReplica.JsonAsync(response);
        Assert.True(response.IsSuccessStatusCode, json.GetRawText());
        return json;
    }

    public static JsonElement Claims(JsonElement tokens) =>
        JsonDocument.Parse(Base64Url.DecodeFromChars(tokens.GetProperty("access_token").GetString()!.Split('.')[1])).RootElement.Clone();

    public async ValueTask DisposeAsync()
    {
        await One.DisposeAsync();
        await Two.DisposeAsync();
    }

    private static IRealmResource[] Clients(string realmId) =>
    [
        TestRealm.Client(realmId, "demo-web", ["invoices.read", "invoices.create", "files.read"], TestRealm.WebSecret) with
        {
            DisplayName = "Demo <web> & app",
            ClientType = ClientType.Web,
            GrantTypes = ["authorization_code", "refresh_token"],
            RedirectUris = [Callback, "https://app.example/cb?tenant=1"],
        },
        TestRealm.Client(realmId, "other-web", ["invoices.read"], TestRealm.ServiceSecret) with
        {
            ClientType = ClientType.Web,
            GrantTypes = ["authorization_code", "refresh_token"],
            RedirectUris = [Callback],
        },
        TestRealm.Client(realmId, "demo-spa", ["invoices.read"]) with { GrantTypes = ["authorization_code"], RedirectUris = [Callback] },
        TestRealm.Client(realmId, "demo-tv", ["invoices.read"]) with { GrantTypes = ["urn:ietf:params:oauth:grant-type:device_code"] },
        TestRealm.Client(realmId, "no-code", ["invoices.read"], TestRealm.ServiceSecret) with { RedirectUris = [Callback] },
        TestRealm.Client(realmId, "gone", ["invoices.read"], TestRealm.ServiceSecret) with
        {
            GrantTypes = ["authorization_code"],
            RedirectUris = [Callback],
            Disabled = true,
        },
    ];
}
