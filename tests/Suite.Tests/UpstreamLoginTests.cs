using System.Buffers.Text;
using System.Text.Json;
using Pltfrms.Iam.RealmAdmin.V1;
using Testing;
using Consents = Pltfrms.Iam.Consent.V1;

namespace Suite.Tests;

/// <summary>The whole suite with npm's oidc-provider as the demo realm's OpenID provider.</summary>
public sealed class UpstreamLoginTests(SuiteFixture fixture) : IClassFixture<SuiteFixture>, IAsyncLifetime
{
    private const string Callback = "http://127.0.0.1:8765/callback";
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private readonly SuiteProcess _suite = fixture.Suite;
    private OpenIdProvider? _started;

    private OpenIdProvider Provider => _started!;

    public async Task InitializeAsync()
    {
        if (NodeModules.SkipReason is not null)
        {
            return;
        }

        _started = await OpenIdProvider.StartAsync($"{_suite.Issuer}/oauth2/authorize/callback");
        // Single sign-on roles decide, so that somebody new is allowed something.
        await Demo.ImportEverywhereAsync(_suite, document => document.Replace("sources: [bindings]", "sources: [bindings, login_claims]", StringComparison.Ordinal) + $"""

            login_settings:
              upstream:
                issuer: {Provider.Issuer}
                client_id: iam
                client_secret: "{OpenIdProvider.ClientSecret}"
                scopes: [profile]
                create_users: true
                roles_claim: groups
                role_mappings: {"{"}Accounting: accountant{"}"}
                acr_mappings: {"{\"urn:example:pwd\": pwd, \"urn:example:mfa\": mfa}"}
            """);
    }

    public async Task DisposeAsync()
    {
        if (_started is not null)
        {
            await _started.DisposeAsync();
        }
    }

    [NodeFact]
    public async Task Somebody_new_logs_in_at_the_provider_and_gets_what_their_role_there_allows()
    {
        using var browser = new TestBrowser(new Uri(_suite.Issuer.GetLeftPart(UriPartial.Authority)));
        var consent = await LogInAsync(browser, "dora", "&acr_values=pwd");

        var challenge = new Uri(consent.Location!).AbsolutePath.Split('/')[^1];
        var consents = new Consents.ConsentService.ConsentServiceClient(_suite.Consent);
        var asked = await consents.GetChallengeAsync(new() { RealmId = "demo", Challenge = challenge }, _suite.Operator);
        Assert.Equal(["invoices.read", "invoices.create"], asked.Scopes.Select(scope => scope.Scope));
        var decided = await consents.SubmitDecisionAsync(
            new() { RealmId = "demo", Challenge = challenge, UserId = asked.UserId, Accepted = true, GrantedScopes = { "invoices.read" } }, _suite.Operator);
        var claims = await ClaimsAsync((await browser.GetAsync(decided.RedirectTo)).Parameter("code")!);

        Assert.Equal(
            (asked.UserId, "pwd", "pwd", "invoices.read"),
            (claims.GetProperty("sub").GetString(), claims.GetProperty("acr").GetString(), claims.GetProperty("amr")[0].GetString(), claims.GetProperty("scope").GetString()));
        var user = (await new UserService.UserServiceClient(_suite.RealmAdmin).GetUserAsync(new() { RealmId = "demo", UserId = asked.UserId }, _suite.Operator)).User;
        Assert.Equal(("The one called dora", Provider.Issuer, "dora"), (user.DisplayName, user.ExternalIdentities[0].Issuer, user.ExternalIdentities[0].Subject));

        // The same person in another browser is the same user.
        using var another = new TestBrowser(new Uri(_suite.Issuer.GetLeftPart(UriPartial.Authority)));
        var again = new Uri((await LogInAsync(another, "dora", "")).Location!).AbsolutePath.Split('/')[^1];
        Assert.Equal(asked.UserId, (await consents.GetChallengeAsync(new() { RealmId = "demo", Challenge = again }, _suite.Operator)).UserId);
    }

    [NodeFact]
    public async Task A_login_at_the_provider_is_made_stronger_and_newer_when_asked_for_and_may_be_declined()
    {
        using var browser = new TestBrowser(new Uri(_suite.Issuer.GetLeftPart(UriPartial.Authority)));
        Assert.DoesNotContain("error=", (await LogInAsync(browser, "erik", "")).Location);

        var weak = await LogInAsync(browser, "erik", "&acr_values=mfa&prompt=login");
        var strong = await LogInAsync(browser, "erik:mfa", "&acr_values=mfa&prompt=login&max_age=60&ui_locales=de");
        var declined = await LogInAsync(browser, "deny", "&prompt=login");

        Assert.Equal(("unmet_authentication_requirements", _suite.Issuer.OriginalString), (weak.Parameter("error"), weak.Parameter("iss")));
        Assert.DoesNotContain("error=", strong.Location);
        Assert.Equal(("access_denied", "xyz"), (declined.Parameter("error"), declined.Parameter("state")));
    }

    /// <summary>To the consent page, or to the callback where there is nothing to ask.</summary>
    private async Task<TestBrowser.Page> LogInAsync(TestBrowser browser, string loginHint, string more)
    {
        var page = await browser.GetAsync(
            $"/realms/demo/oauth2/authorize?response_type=code&client_id=demo-web&redirect_uri={Uri.EscapeDataString(Callback)}"
            + $"&scope=invoices.read%20invoices.create%20invoices.approve&state=xyz&code_challenge={Challenge}&code_challenge_method=S256&login_hint={Uri.EscapeDataString(loginHint)}{more}");
        Assert.StartsWith(Provider.Issuer, page.Location);
        using var provider = new TestBrowser(new Uri(Provider.Issuer));
        return await browser.FollowAsync(await browser.GetAsync(await Provider.LogInAsync(provider, page.Location!)));
    }

    private async Task<JsonElement> ClaimsAsync(string code)
    {
        using var http = new HttpClient();
        using var response = await http.PostAsync(new Uri($"{_suite.Issuer}/oauth2/token"), new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = Callback,
            ["code_verifier"] = Verifier,
            ["client_id"] = "demo-web",
            ["client_secret"] = "demo-web-secret-0123456789abcdefgh",
        }));
        var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        return JsonDocument.Parse(Base64Url.DecodeFromChars(body.GetProperty("access_token").GetString()!.Split('.')[1])).RootElement.Clone();
    }
}
