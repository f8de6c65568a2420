using System.Net;
using Testing;
using Token.Tests.Hosting;
using Token.Tests.OAuth;

namespace Token.Tests.Authorization;

/// <summary>RFC 9126, refresh tokens at revocation and introspection, and web pages of other origins.</summary>
public sealed class PushedRequestTests(FlowFixture fixture) : IClassFixture<FlowFixture>, IDisposable
{
    private const string Par = "/realms/demo/oauth2/par";
    private const string Inactive = """{"active":false}""";

    private readonly TestBrowser _browser = fixture.Bench.Browser();

    private FlowBench Bench => fixture.Bench;

    public void Dispose() => _browser.Dispose();

    [Fact]
    public async Task A_pushed_request_is_spent_by_its_answer_and_not_by_its_display()
    {
        var uri = await PushAsync();
        using var other = Bench.Browser();
        await other.GetAsync(Named(uri));

        var login = await _browser.GetAsync(Named(uri) + "&state=ignored&redirect_uri=https%3A%2F%2Fevil.example");
        var posted = await _browser.PostAsync($"{FlowBench.Authorize}/login", ("request", login.Hidden("request")), ("username", "carol"));
        var page = await Bench.ConsentAsync(_browser, await _browser.FollowAsync(posted));
        var again = await _browser.GetAsync(Named(uri));

        Assert.StartsWith(FlowBench.Callback, page.Location);
        Assert.Equal("s t&a=t/e\u00e4", page.Parameter("state"));
        Assert.Equal((HttpStatusCode.BadRequest, null), (again.Status, again.Location));
    }

    [Fact]
    public async Task Of_two_browsers_with_one_request_uri_one_gets_a_code()
    {
        var uri = await PushAsync();
        using var other = Bench.Browser();
        var consents = new List<(TestBrowser Browser, TestBrowser.Page Page, string Return)>();
        foreach (var browser in new[] { _browser, other })
        {
            var login = await browser.GetAsync(Named(uri));
            var page = await browser.FollowAsync(await browser.PostAsync($"{FlowBench.Authorize}/login", ("request", login.Hidden("request")), ("username", "carol")));
            consents.Add((browser, page, Bench.Consent.Questions.Last().ReturnUri));
        }

        var answers = await Task.WhenAll(consents.Select(c => c.Browser.GetAsync($"{c.Return}&consent_challenge={c.Page.Location![TestConsent.Page.Length..]}")));

        Assert.Single(answers, answer => answer.Parameter("code") is not null);
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Another_clients_expired_or_foreign_request_uri_is_refused_on_a_page()
    {
        var uri = await PushAsync();

        var otherClient = await _browser.GetAsync(Named(uri).Replace("client_id=demo-web", "client_id=other-web"));
        var otherRealm = await _browser.GetAsync(Named(uri).Replace("/realms/demo/", "/realms/other/"));
        Bench.Clock.Advance(TimeSpan.FromSeconds(90));
        var expired = await _browser.GetAsync(Named(uri));

        Assert.All([otherClient, otherRealm, expired], page => Assert.Equal((HttpStatusCode.BadRequest, null), (page.Status, page.Location)));
    }

    public static TheoryData<string, string?, int, string> Refused => new()
    {
        { "client_secret", "wrong", 401, "invalid_client" },
        { "client_secret", null, 401, "invalid_client" },
        { "redirect_uri", "https://evil.example", 400, "invalid_request" },
        { "code_challenge", null, 400, "invalid_request" },
        { "code_challenge_method", "plain", 400, "invalid_request" },
        { "response_type", "token", 400, "unsupported_response_type" },
        { "request_uri", "urn:ietf:params:oauth:request_uri:x", 400, "invalid_request" },
        { "scope", "a\"b", 400, "invalid_scope" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_wrong_request_is_refused_when_it_is_pushed(string name, string? value, int status, string error)
    {
        var parameters = FlowBench.Parameters();
        parameters["client_secret"] = TestRealm.WebSecret;
        parameters.Remove(name);
        if (value is not null)
        {
            parameters[name] = value;
        }

        using var response = await Bench.One.PostAsync(Par, null, [.. parameters.Select(p => (p.Key, p.Value))]);

        await TokenEndpointTests.AssertRefusedAsync(response, status, error);
    }

    [Fact]
    public async Task Revoking_a_refresh_token_ends_the_access_tokens_of_its_grant()
    {
        var tokens = await Bench.TokensAsync();
        var (access, refresh) = (tokens.GetProperty("access_token").GetString()!, tokens.GetProperty("refresh_token").GetString()!);

        using var foreign = await Bench.One.PostAsync("/realms/demo/oauth2/revoke", TokenReplica.Basic("other-web", TestRealm.ServiceSecret), ("token", refresh));
        Assert.NotEqual(Inactive, await Bench.One.IntrospectAsync("demo", access));
        using var own = await Bench.One.PostAsync("/realms/demo/oauth2/revoke", TokenReplica.Basic("demo-web", TestRealm.WebSecret), ("token", refresh));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (foreign.StatusCode, own.StatusCode));
        Assert.Equal(Inactive, await Bench.One.IntrospectAsync("demo", access));
        using var refreshed = await FlowBench.RefreshAsync(Bench.One, refresh);
        await TokenEndpointTests.AssertRefusedAsync(refreshed, 400, "invalid_grant");
    }

    [Fact]
    public async Task A_refresh_token_is_introspected_by_its_name_only_and_only_while_it_can_be_used()
    {
        var refresh = (await Bench.TokensAsync()).GetProperty("refresh_token").GetString()!;

        Assert.Equal(Inactive, await Bench.One.IntrospectAsync("demo", refresh));
        Assert.Matches(
            """^\{"active":true,"sub":"carol","sub_type":"user","client_id":"demo-web","scope":"invoices.read","exp":\d+,"grant_id":"[0-9a-f]{32}","token_type":"refresh_token"\}$""",
            await HintedAsync(refresh));
        using var used = await FlowBench.RefreshAsync(Bench.One, refresh);
        Assert.Equal(Inactive, await HintedAsync(refresh));
        Assert.Equal(Inactive, await HintedAsync("garbage"));
    }

    [Theory]
    [InlineData("/realms/demo/oauth2/token", "http://127.0.0.1:8765", true)]
    [InlineData("/realms/demo/oauth2/token", "https://app.example", true)]
    [InlineData("/realms/demo/oauth2/token", "https://evil.example", false)]
    [InlineData("/realms/demo/oauth2/token", "null", false)]
    [InlineData("/realms/demo/oauth2/revoke", "https://app.example", true)]
    [InlineData("/realms/demo/oauth2/jwks", "https://app.example", true)]
    [InlineData("/realms/demo/.well-known/oauth-authorization-server", "https://app.example", true)]
    [InlineData("/realms/demo/oauth2/introspect", "https://app.example", false)]
    [InlineData("/realms/demo/oauth2/authorize", "https://app.example", false)]
    [InlineData("/realms/demo/oauth2/par", "https://app.example", false)]
    public async Task Web_pages_of_registered_origins_read_answers_where_no_cookie_counts(string path, string origin, bool allowed)
    {
        var preflight = new HttpRequestMessage(HttpMethod.Options, path) { Headers = { { "Origin", origin }, { "Access-Control-Request-Method", "POST" } } };
        var answer = await _browser.SendAsync(preflight);

        Assert.Equal(allowed ? origin : null, answer.Headers.GetValueOrDefault("Access-Control-Allow-Origin"));
        Assert.False(answer.Headers.ContainsKey("Access-Control-Allow-Credentials"));
        Assert.Equal(allowed, answer.Headers.ContainsKey("Access-Control-Allow-Methods"));
    }

    private static string Named(string uri) => $"{FlowBench.Authorize}?client_id=demo-web&request_uri={Uri.EscapeDataString(uri)}";

    private async Task<string> HintedAsync(string token)
    {
        using var response = await Bench.One.PostAsync(
            "/realms/demo/oauth2/introspect", TokenReplica.Basic("demo-api", TestRealm.ApiSecret), ("token", token), ("token_type_hint", "refresh_token"));
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<string> PushAsync()
    {
        using var response = await Bench.One.PostAsync(
            Par, TokenReplica.Basic("demo-web", TestRealm.WebSecret), [.. FlowBench.Parameters().Select(p => (p.Key, p.Value))]);
        var json = await TokenReplica.JsonAsync(response);
        Assert.Equal((HttpStatusCode.Created, 90), (response.StatusCode, json.GetProperty("expires_in").GetInt32()));
        return json.GetProperty("request_uri").GetString()!;
    }
}
