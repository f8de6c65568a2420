using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Pltfrms.Iam.RealmAdmin.V1;
using Testing;
using Consents = Pltfrms.Iam.Consent.V1;

namespace Suite.Tests;

/// <summary>An application that nobody knows registers itself, and a user decides about it.</summary>
public sealed class RegistrationTests(SuiteFixture fixture) : IClassFixture<SuiteFixture>
{
    private const string Callback = "http://127.0.0.1:8765/registered";
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    private const string Unverified = "Nobody has checked who is behind this application";

    private readonly HttpClient _http = new();

    private SuiteProcess Suite => fixture.Suite;

    [Fact]
    public async Task From_its_registration_to_its_end()
    {
        var client = await RegisterAsync("Nobody's app", "invoices.read");
        using var browser = new TestBrowser(Origin());
        var (asked, page) = await AskAsync(browser, client, "invoices.read");
        Assert.Contains(Unverified, page, StringComparison.Ordinal);
        Assert.Contains("Not verified", page, StringComparison.Ordinal);
        Assert.Contains("Nobody&#x27;s app", page, StringComparison.Ordinal);

        var tokens = await RedeemAsync(browser, client, await AgreeAsync(asked, "invoices.read"));
        var token = tokens.GetProperty("access_token").GetString()!;
        Assert.Equal("invoices.read", tokens.GetProperty("scope").GetString());
        Assert.True(await IsActiveAsync(token));

        using var deleted = await ManageAsync(HttpMethod.Delete, client);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.False(await IsActiveAsync(token));
        var refresh = await TokenAsync(client, ("grant_type", "refresh_token"), ("refresh_token", tokens.GetProperty("refresh_token").GetString()!));
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (refresh.Status, refresh.Body.GetProperty("error").GetString()));
        using var again = await ManageAsync(HttpMethod.Get, client);
        Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
    }

    [Fact]
    public async Task An_administrator_finds_it_verifies_it_and_removes_it()
    {
        var clients = new ClientService.ClientServiceClient(Suite.RealmAdmin);
        var client = await RegisterAsync("App", "invoices.read");
        var id = client.GetProperty("client_id").GetString()!;
        var listed = await clients.ListClientsAsync(new() { RealmId = "demo", DynamicallyRegistered = true }, Suite.Operator);
        Assert.All(listed.Clients, found => Assert.True(found.DynamicallyRegistered));
        var found = listed.Clients.Single(found => found.ClientId == id);

        found.Verified = true;
        var verified = await clients.UpdateClientAsync(new() { RealmId = "demo", Client = found, UpdateMask = new() { Paths = { "verified" } } }, Suite.Operator);
        await ReachAsync(verified.Revision);
        using var browser = new TestBrowser(Origin());
        var (asked, page) = await AskAsync(browser, client, "invoices.read");
        Assert.DoesNotContain(Unverified, page, StringComparison.Ordinal);
        var token = (await RedeemAsync(browser, client, await AgreeAsync(asked, "invoices.read"))).GetProperty("access_token").GetString()!;
        var removed = await clients.DeleteClientAsync(new() { RealmId = "demo", ClientId = id }, Suite.Operator);
        await ReachAsync(removed.Revision);

        Assert.False(await IsActiveAsync(token));
        using var managed = await ManageAsync(HttpMethod.Get, client);
        Assert.Equal(HttpStatusCode.Unauthorized, managed.StatusCode);
    }

    [Theory]
    [InlineData(null, "invoices.read")]
    [InlineData("invoices.read", "invoices.create")]
    [InlineData("invoices.read", "iam.clients.write")]
    public async Task It_asks_for_nothing_that_it_did_not_register_for_where_other_clients_may_ask_for_anything(string? registered, string asked)
    {
        // Clients without registered scopes may ask for any there.
        var revision = await Demo.ImportAsync(
            Suite, Suite.Operator, document => document.Replace("scope_pipeline:\n", "scope_pipeline:\n  unregistered_scopes: any\n", StringComparison.Ordinal));
        await ReachAsync(revision);
        var client = await RegisterAsync("App", registered);

        using var browser = new TestBrowser(Origin());
        var answered = await LogInAsync(browser, client, asked);

        Assert.StartsWith(Callback, answered.Location);
        Assert.Equal("invalid_scope", answered.Parameter("error"));
    }

    [Fact]
    public async Task What_it_is_told_works_at_once_many_times_over()
    {
        foreach (var _ in Enumerable.Range(0, 5))
        {
            var client = await RegisterAsync("App", "invoices.read");
            // Refused for the code, and not for who asks.
            var answer = await TokenAsync(client, ("grant_type", "authorization_code"), ("code", new string('A', 43)), ("code_verifier", Verifier));
            Assert.Equal("invalid_grant", answer.Body.GetProperty("error").GetString());
            using var read = await ManageAsync(HttpMethod.Get, client);
            Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        }
    }

    private Uri Origin() => new($"http://127.0.0.1:{Suite.Ports.TokenHttp}");

    private async Task<JsonElement> RegisterAsync(string name, string? scope)
    {
        var metadata = new Dictionary<string, object?>
        {
            ["client_name"] = name,
            ["redirect_uris"] = new[] { Callback },
            ["grant_types"] = new[] { "authorization_code", "refresh_token" },
            ["token_endpoint_auth_method"] = "client_secret_post",
            ["scope"] = scope,
        };
        using var response = await _http.PostAsJsonAsync(new Uri($"{Suite.Issuer}/oauth2/register"), metadata);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Created, body);
        return JsonDocument.Parse(body).RootElement.Clone();
    }

    private async Task<HttpResponseMessage> ManageAsync(HttpMethod method, JsonElement client)
    {
        using var request = new HttpRequestMessage(method, client.GetProperty("registration_client_uri").GetString());
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", client.GetProperty("registration_access_token").GetString());
        return await _http.SendAsync(request);
    }

    /// <summary>To the consent page, and what stands there.</summary>
    private async Task<(TestBrowser.Page Asked, string Page)> AskAsync(TestBrowser browser, JsonElement client, string scope)
    {
        var asked = await LogInAsync(browser, client, scope);
        using var request = new HttpRequestMessage(HttpMethod.Get, asked.Location);
        request.Headers.Accept.ParseAdd("text/html");
        using var page = await _http.SendAsync(request);
        return (asked, await page.Content.ReadAsStringAsync());
    }

    private async Task<TestBrowser.Page> LogInAsync(TestBrowser browser, JsonElement client, string scope)
    {
        var login = await browser.GetAsync(
            $"/realms/demo/oauth2/authorize?response_type=code&client_id={client.GetProperty("client_id").GetString()}"
            + $"&redirect_uri={Uri.EscapeDataString(Callback)}&scope={Uri.EscapeDataString(scope)}&state=xyz&code_challenge={Challenge}&code_challenge_method=S256");
        return login.Location is not null
            ? login
            : await browser.FollowAsync(
                await browser.PostAsync("/realms/demo/oauth2/authorize/login", ("request", login.Hidden("request")), ("username", "carol")));
    }

    /// <summary>The address at which the application gets the code.</summary>
    private async Task<string> AgreeAsync(TestBrowser.Page asked, params string[] scopes)
    {
        var decision = new Consents.SubmitDecisionRequest
        {
            RealmId = "demo",
            Challenge = new Uri(asked.Location!).AbsolutePath.Split('/')[^1],
            UserId = "carol",
            Accepted = true,
            GrantedScopes = { scopes },
        };
        return (await new Consents.ConsentService.ConsentServiceClient(Suite.Consent).SubmitDecisionAsync(decision, Suite.Operator)).RedirectTo;
    }

    private async Task<JsonElement> RedeemAsync(TestBrowser browser, JsonElement client, string wayBack)
    {
        var answered = await browser.GetAsync(wayBack);
        var answer = await TokenAsync(
            client, ("grant_type", "authorization_code"), ("code", answered.Parameter("code")!), ("redirect_uri", Callback), ("code_verifier", Verifier));
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body.ToString());
        return answer.Body;
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> TokenAsync(JsonElement client, params (string Name, string Value)[] form)
    {
        var credentials = new[] { "client_id", "client_secret" }.Select(name => (name, client.GetProperty(name).GetString()!));
        using var content = new FormUrlEncodedContent(form.Concat(credentials).Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2)));
        using var response = await _http.PostAsync(new Uri($"{Suite.Issuer}/oauth2/token"), content);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Clone());
    }

    private async Task<bool> IsActiveAsync(string token) => (await new Pltfrms.Iam.Token.V1.TokenService.TokenServiceClient(Suite.Token)
        .IntrospectTokenAsync(new() { RealmId = "demo", Token = token }, Suite.Operator)).Active;

    /// <summary>Until the token service has heard of a revision.</summary>
    private async Task ReachAsync(long revision)
    {
        var tokens = new Pltfrms.Iam.Token.V1.PermissionService.PermissionServiceClient(Suite.Token);
        await tokens.CheckPermissionAsync(
            new() { RealmId = "demo", UserId = "carol", Permission = "invoices.read", MinRevision = revision }, Suite.Operator);
    }
}
