using System.Net;
using System.Text.Json;
using Testing;
using Consents = Pltfrms.Iam.Consent.V1;

namespace Suite.Tests;

/// <summary>A user, a browser and a web application at the running suite.</summary>
public sealed class AuthorizationCodeTests(SuiteFixture fixture) : IClassFixture<SuiteFixture>
{
    private const string Callback = "http://127.0.0.1:8765/callback";
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    private const string WebSecret = "demo-web-secret-0123456789abcdefgh";

    private SuiteProcess Suite => fixture.Suite;

    [Fact]
    public async Task Alice_logs_in_to_demo_web_grants_half_of_what_it_asks_for_and_takes_it_back()
    {
        using var browser = new TestBrowser(Origin());
        var consent = await LogInAsync(browser, "alice", "acme", "invoices.read invoices.create invoices.approve");
        var challenge = await ChallengeAsync(consent);

        Assert.Equal(["invoices.read", "invoices.create"], challenge.Scopes.Select(scope => scope.Scope));
        var answered = await browser.GetAsync(await DecideAsync(consent, "alice", "invoices.read"));
        Assert.StartsWith(Callback, answered.Location);
        Assert.Equal(("xyz", Suite.Issuer.OriginalString), (answered.Parameter("state"), answered.Parameter("iss")));
        var tokens = await TokenAsync(
            ("grant_type", "authorization_code"), ("code", answered.Parameter("code")!), ("redirect_uri", Callback), ("code_verifier", Verifier));

        Assert.Equal("invoices.read", tokens.GetProperty("scope").GetString());
        var refreshed = await TokenAsync(("grant_type", "refresh_token"), ("refresh_token", tokens.GetProperty("refresh_token").GetString()!));
        var grants = new Pltfrms.Iam.Token.V1.GrantService.GrantServiceClient(Suite.Token);
        var revoked = await grants.RevokeGrantsAsync(new() { RealmId = "demo", UserId = "alice", ClientId = "demo-web" }, Suite.Operator);
        Assert.Equal(1, revoked.RevokedCount);
        Assert.False(await IsActiveAsync(refreshed.GetProperty("access_token").GetString()!));
        Assert.False(Suite.HasKeyRingOfTheFramework);
    }

    [Fact]
    public async Task A_code_outlives_a_kill_of_the_service_that_gave_it()
    {
        using var browser = new TestBrowser(Origin());
        var consent = await LogInAsync(browser, "carol", null, "invoices.read");
        var answered = await browser.GetAsync(await DecideAsync(consent, "carol", "invoices.read"));

        await Suite.KillAsync();
        await fixture.StartAgainAsync();

        var tokens = await TokenAsync(
            ("grant_type", "authorization_code"), ("code", answered.Parameter("code")!), ("redirect_uri", Callback), ("code_verifier", Verifier));
        Assert.True(await IsActiveAsync(tokens.GetProperty("access_token").GetString()!));
        // The session is still there too: nobody is asked to log in again.
        Assert.DoesNotContain("username", (await browser.GetAsync(AuthorizeAddress("invoices.read", null))).Body);
    }

    [Fact]
    public async Task Bob_gets_nothing_where_he_has_no_role()
    {
        using var browser = new TestBrowser(Origin());
        var answered = await LogInAsync(browser, "bob", "acme", "invoices.read");

        Assert.StartsWith(Callback, answered.Location);
        Assert.Contains(answered.Parameter("error"), new[] { "access_denied", "invalid_scope" });
    }

    private Uri Origin() => new($"http://127.0.0.1:{Suite.Ports.TokenHttp}");

    private string AuthorizeAddress(string scope, string? organization) =>
        $"/realms/demo/oauth2/authorize?response_type=code&client_id=demo-web&redirect_uri={Uri.EscapeDataString(Callback)}"
        + $"&scope={Uri.EscapeDataString(scope)}&state=xyz&code_challenge={Challenge}&code_challenge_method=S256"
        + (organization is null ? "" : $"&organization={organization}");

    /// <summary>To the consent page, or to the callback where there is nothing to ask.</summary>
    private async Task<TestBrowser.Page> LogInAsync(TestBrowser browser, string userName, string? organization, string scope)
    {
        var login = await browser.GetAsync(AuthorizeAddress(scope, organization));
        Assert.Equal(HttpStatusCode.OK, login.Status);
        Assert.Contains("name=\"username\"", login.Body);
        return await browser.FollowAsync(
            await browser.PostAsync("/realms/demo/oauth2/authorize/login", ("request", login.Hidden("request")), ("username", userName)));
    }

    private static string ChallengeOf(TestBrowser.Page consent) => new Uri(consent.Location!).AbsolutePath.Split('/')[^1];

    private async Task<Consents.GetChallengeResponse> ChallengeAsync(TestBrowser.Page consent) =>
        await new Consents.ConsentService.ConsentServiceClient(Suite.Consent)
            .GetChallengeAsync(new() { RealmId = "demo", Challenge = ChallengeOf(consent) }, Suite.Operator);

    private async Task<string> DecideAsync(TestBrowser.Page consent, string userId, params string[] scopes)
    {
        var decided = await new Consents.ConsentService.ConsentServiceClient(Suite.Consent).SubmitDecisionAsync(
            new() { RealmId = "demo", Challenge = ChallengeOf(consent), UserId = userId, Accepted = true, GrantedScopes = { scopes } }, Suite.Operator);
        return decided.RedirectTo;
    }

    private async Task<JsonElement> TokenAsync(params (string Name, string Value)[] form)
    {
        using var http = new HttpClient();
        using var response = await http.PostAsync(
            new Uri($"{Suite.Issuer}/oauth2/token"),
            new FormUrlEncodedContent(
                form.Append(("client_id", "demo-web")).Append(("client_secret", WebSecret)).Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2))));
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonDocument.Parse(body).RootElement.Clone();
    }

    private async Task<bool> IsActiveAsync(string token) =>
        (await new Pltfrms.Iam.Token.V1.TokenService.TokenServiceClient(Suite.Token)
            .IntrospectTokenAsync(new() { RealmId = "demo", Token = token }, Suite.Operator)).Active;
}
