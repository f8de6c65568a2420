using System.Net;
using System.Text.Json;
using Pltfrms.Iam.Consent.V1;
using Testing;
using Testing.Databases;

namespace Suite.Tests;

/// <summary>kill -9 of a token service in the middle of a flow: the other one goes on with it.</summary>
[NeedsPostgres]
public sealed class ReplicaKillTests(ReplicasFixture fixture) : IClassFixture<ReplicasFixture>, IAsyncLifetime
{
    private const string Callback = "http://127.0.0.1:8765/callback";
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private readonly Replicas _replicas = fixture.Replicas;
    private TokenProcess _one = null!;
    private TokenProcess _two = null!;

    public async Task InitializeAsync()
    {
        await fixture.ForgetDecisionsAsync();
        _one = await _replicas.StartTokenProcessAsync();
        _two = await _replicas.StartTokenProcessAsync();
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [StorageFact]
    public async Task A_code_of_a_killed_replica_is_redeemed_at_the_other_and_so_are_its_tokens()
    {
        using var browser = Browser(_one);
        var answered = await browser.GetAsync(await AgreeAsync(await LogInAsync(browser)));

        await _one.KillAsync();
        var tokens = await TokenAsync(("grant_type", "authorization_code"), ("code", answered.Parameter("code")!), ("redirect_uri", Callback), ("code_verifier", Verifier));
        var refreshed = await TokenAsync(("grant_type", "refresh_token"), ("refresh_token", tokens.GetProperty("refresh_token").GetString()!));
        var again = await PostAsync(("grant_type", "authorization_code"), ("code", answered.Parameter("code")!), ("redirect_uri", Callback), ("code_verifier", Verifier));

        Assert.Equal("invoices.read", refreshed.GetProperty("scope").GetString());
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (again.Status, again.Json.GetProperty("error").GetString()));
    }

    [StorageFact]
    public async Task A_login_at_a_killed_replica_goes_on_to_consent_and_code_at_the_other()
    {
        using var browser = Browser(_one);
        var consent = await LogInAsync(browser);

        await _one.KillAsync();
        using var elsewhere = Browser(_two);
        foreach (var (name, value) in browser.Cookies)
        {
            elsewhere.Cookies[name] = value;
        }

        var answered = await elsewhere.GetAsync(await AgreeAsync(consent));
        var tokens = await TokenAsync(("grant_type", "authorization_code"), ("code", answered.Parameter("code")!), ("redirect_uri", Callback), ("code_verifier", Verifier));

        Assert.Equal("invoices.read", tokens.GetProperty("scope").GetString());
        // The session is there, too: nobody is asked again.
        Assert.NotNull((await elsewhere.GetAsync(AuthorizeAddress("&prompt=none"))).Parameter("code"));
    }

    private TestBrowser Browser(TokenProcess process) => new(process.Http, _replicas.Issuing);

    private static string AuthorizeAddress(string more) =>
        $"/realms/demo/oauth2/authorize?response_type=code&client_id=demo-web&redirect_uri={Uri.EscapeDataString(Callback)}"
        + $"&scope=invoices.read&state=xyz&code_challenge={Challenge}&code_challenge_method=S256{more}";

    private static async Task<TestBrowser.Page> LogInAsync(TestBrowser browser)
    {
        var login = await browser.GetAsync(AuthorizeAddress(""));
        return await browser.FollowAsync(
            await browser.PostAsync("/realms/demo/oauth2/authorize/login", ("request", login.Hidden("request")), ("username", "carol")));
    }

    /// <summary>The user says yes; where the browser goes next.</summary>
    private async Task<string> AgreeAsync(TestBrowser.Page consent)
    {
        var decided = await new ConsentService.ConsentServiceClient(_replicas.Consents[1]).SubmitDecisionAsync(
            new()
            {
                RealmId = "demo",
                Challenge = new Uri(consent.Location!).AbsolutePath.Split('/')[^1],
                UserId = "carol",
                Accepted = true,
                Remember = true,
                GrantedScopes = { "invoices.read" },
            },
            Replicas.Operator);
        return decided.RedirectTo;
    }

    private async Task<JsonElement> TokenAsync(params (string Name, string Value)[] form)
    {
        var (status, json) = await PostAsync(form);
        Assert.True(status == HttpStatusCode.OK, json.GetRawText());
        return json;
    }

    private async Task<(HttpStatusCode Status, JsonElement Json)> PostAsync(params (string Name, string Value)[] form)
    {
        using var http = new HttpClient();
        using var response = await http.PostAsync(
            new Uri(_two.Http, "/realms/demo/oauth2/token"),
            new FormUrlEncodedContent(
                form.Append(("client_id", "demo-web")).Append(("client_secret", "demo-web-secret-0123456789abcdefgh"))
                    .Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2))));
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Clone());
    }
}
