using System.Net;
using Testing;
using Token.Tests.Hosting;

namespace Token.Tests.Authorization;

/// <summary>What the authorization endpoint refuses, whom it tells, and how it answers.</summary>
public sealed class AuthorizeEndpointTests(FlowFixture fixture) : IClassFixture<FlowFixture>, IDisposable
{
    private readonly TestBrowser _browser = fixture.Bench.Browser();

    private FlowBench Bench => fixture.Bench;

    public void Dispose() => _browser.Dispose();

    /// <summary>A name, what replaces the value (null: nothing is sent), and the status of the page.</summary>
    public static TheoryData<string, string?, int> ShownToTheUser => new()
    {
        { "client_id", null, 400 },
        { "client_id", "nobody", 400 },
        { "client_id", "gone", 400 },
        { "client_id", "DEMO-WEB", 400 },
        { "redirect_uri", null, 400 },
        { "redirect_uri", "https://evil.example/callback", 400 },
        { "redirect_uri", "http://127.0.0.1:8765/callback/", 400 },
        { "redirect_uri", "http://127.0.0.1:8765/callback/../evil", 400 },
        { "redirect_uri", "http://127.0.0.1:8765/callback?x=1", 400 },
        { "redirect_uri", "http://127.0.0.1:8765/callback#x", 400 },
        { "redirect_uri", "http://127.0.0.1:8765/Callback", 400 },
        { "redirect_uri", "http://127.0.0.1:8765/%63allback", 400 },
        { "redirect_uri", "https://127.0.0.1:8765/callback", 400 },
        { "redirect_uri", "http://localhost:8765/callback", 400 },
        { "redirect_uri", "http://127.0.0.1@evil.example/callback", 400 },
        { "redirect_uri", "http://127.0.0.1:8765@evil.example/callback", 400 },
        { "redirect_uri", "http://127.0.0.1.evil.example/callback", 400 },
        { "redirect_uri", "http://127.0.0.1:0/callback", 400 },
        { "redirect_uri", "http://127.0.0.1:99999/callback", 400 },
        { "redirect_uri", "http://127.0.0.1:/callback", 400 },
        { "redirect_uri", "http://127.0.0.1:8765/callback\r\nSet-Cookie: x=y", 400 },
        { "redirect_uri", "javascript:alert(1)", 400 },
        { "redirect_uri", "//evil.example", 400 },
        { "redirect_uri", "https://app.example:444/cb?tenant=1", 400 },
        { "redirect_uri", "https://app.example/cb?tenant=2", 400 },
        { "request_uri", "https://evil.example/request.jwt", 400 },
        { "request_uri", "urn:ietf:params:oauth:request_uri:guessed", 400 },
        { "state", "a\0b", 400 },
    };

    [Theory]
    [MemberData(nameof(ShownToTheUser))]
    public async Task Nothing_is_redirected_before_client_and_redirect_uri_are_sure(string name, string? value, int status)
    {
        var page = await _browser.GetAsync(FlowBench.Address(FlowBench.With((name, value))));

        Assert.Equal((status, null), ((int)page.Status, page.Location));
        Assert.Equal("text/html; charset=utf-8", page.Headers["Content-Type"]);
        Assert.Contains("role=\"alert\"", page.Body);
        Assert.DoesNotContain("evil", page.Body);
    }

    public static TheoryData<string, string?, string> ToldToTheClient => new()
    {
        { "client_id", "no-code", "unauthorized_client" },
        { "response_type", null, "invalid_request" },
        { "response_type", "token", "unsupported_response_type" },
        { "response_type", "code token", "unsupported_response_type" },
        { "response_type", "none", "unsupported_response_type" },
        { "response_mode", "fragment", "invalid_request" },
        { "code_challenge", null, "invalid_request" },
        { "code_challenge", "", "invalid_request" },
        { "code_challenge", "tooshort", "invalid_request" },
        { "code_challenge", "0123456789012345678901234567890123456789+/=", "invalid_request" },
        { "code_challenge_method", null, "invalid_request" },
        { "code_challenge_method", "plain", "invalid_request" },
        { "code_challenge_method", "s256", "invalid_request" },
        { "scope", "a\"b", "invalid_scope" },
        { "organization", "nowhere", "invalid_request" },
        { "organization", "closed", "invalid_request" },
        { "resource", "https://nobody.example", "invalid_target" },
        { "prompt", "none login", "invalid_request" },
        { "prompt", "create", "invalid_request" },
        { "prompt", "none", "login_required" },
        { "max_age", "-1", "invalid_request" },
        { "max_age", "soon", "invalid_request" },
        { "max_age", "99999999999", "invalid_request" },
    };

    [Theory]
    [MemberData(nameof(ToldToTheClient))]
    public async Task The_client_is_told_by_redirect_with_state_and_issuer(string name, string? value, string error)
    {
        var page = await _browser.GetAsync(FlowBench.Address(FlowBench.With((name, value))));

        Assert.Equal(HttpStatusCode.Found, page.Status);
        Assert.StartsWith(FlowBench.Callback + "?error=", page.Location);
        Assert.Equal(
            (error, "s t&a=t/e\u00e4", FlowBench.Issuer, null),
            (page.Parameter("error"), page.Parameter("state"), page.Parameter("iss"), page.Parameter("code")));
        Assert.Equal("no-store", page.Headers["Cache-Control"]);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/callback")]
    [InlineData("http://127.0.0.1:65535/callback")]
    [InlineData("http://127.0.0.1/callback")]
    [InlineData("https://app.example/cb?tenant=1")]
    public async Task A_loopback_port_may_vary_and_a_query_is_kept(string redirectUri)
    {
        var page = await _browser.GetAsync(FlowBench.Address(FlowBench.With(("redirect_uri", redirectUri), ("prompt", "none"))));

        Assert.StartsWith(redirectUri + (redirectUri.Contains('?') ? "&error=" : "?error="), page.Location);
    }

    [Theory]
    [InlineData("client_id", "demo-web")]
    [InlineData("redirect_uri", "https://evil.example")]
    [InlineData("state", "other")]
    [InlineData("code_challenge_method", "plain")]
    public async Task A_parameter_that_is_there_twice_is_refused_on_a_page(string name, string value)
    {
        var page = await _browser.GetAsync($"{FlowBench.Address(FlowBench.Parameters())}&{name}={Uri.EscapeDataString(value)}");

        Assert.Equal((HttpStatusCode.BadRequest, null), (page.Status, page.Location));
    }

    [Fact]
    public async Task Oversized_or_malformed_queries_are_refused_and_never_a_fault()
    {
        foreach (var query in new[]
        {
            $"state={new string('x', 4000)}", $"scope={new string('x', 6000)}", "state=%ff", "%00=1", string.Join('&', Enumerable.Range(0, 90).Select(i => $"p{i}=1")),
        })
        {
            var page = await _browser.GetAsync($"{FlowBench.Authorize}?client_id=demo-web&redirect_uri={Uri.EscapeDataString(FlowBench.Callback)}&{query}");
            Assert.True(page.Status == HttpStatusCode.BadRequest && page.Location is null, $"{query[..Math.Min(30, query.Length)]}: {page.Status}");
        }

        Assert.Equal(HttpStatusCode.NotFound, (await _browser.GetAsync("/realms/nowhere/oauth2/authorize")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _browser.GetAsync(FlowBench.Authorize)).Status);
    }

    [Fact]
    public async Task Several_resources_limit_the_token_and_a_token_request_may_narrow_them()
    {
        var address = $"{FlowBench.Address(FlowBench.With(("scope", "invoices.read files.read")))}&resource={Uri.EscapeDataString(TestRealm.Api)}&resource={Uri.EscapeDataString(TestRealm.Files)}";
        var login = await _browser.GetAsync(address);
        var posted = await _browser.PostAsync($"{FlowBench.Authorize}/login", ("request", login.Hidden("request")), ("username", "carol"));
        var page = await Bench.ConsentAsync(_browser, await _browser.FollowAsync(posted));

        using var response = await FlowBench.RedeemAsync(Bench.One, page.Parameter("code")!, ("resource", TestRealm.Files));
        var tokens = await TokenReplica.JsonAsync(response);

        Assert.Equal(TestRealm.Files, FlowBench.Claims(tokens).GetProperty("aud").GetString());
        Assert.Equal("files.read", tokens.GetProperty("scope").GetString());
        using var refreshed = await FlowBench.RefreshAsync(Bench.One, tokens.GetProperty("refresh_token").GetString()!);
        Assert.Equal("invoices.read files.read", (await TokenReplica.JsonAsync(refreshed)).GetProperty("scope").GetString());
    }

    [Fact]
    public async Task Pages_cannot_be_framed_and_run_no_script_and_encode_what_they_show()
    {
        var page = await _browser.GetAsync(FlowBench.Address(FlowBench.With(("login_hint", "\"><script>alert(1)</script>"))));

        Assert.Contains("Demo &lt;web&gt; &amp; app", page.Body);
        Assert.DoesNotContain("<script", page.Body);
        Assert.Contains("default-src 'none'", page.Headers["Content-Security-Policy"]);
        Assert.Contains("frame-ancestors 'none'", page.Headers["Content-Security-Policy"]);
        Assert.DoesNotContain("script-src", page.Headers["Content-Security-Policy"]);
        Assert.Equal(
            ("DENY", "nosniff", "no-referrer", "no-store"),
            (page.Headers["X-Frame-Options"], page.Headers["X-Content-Type-Options"], page.Headers["Referrer-Policy"], page.Headers["Cache-Control"]));
        Assert.Equal("same-origin", page.Headers["Cross-Origin-Opener-Policy"]);
        Assert.False(page.Headers.ContainsKey("Access-Control-Allow-Origin"));
        Assert.Equal("path=/; samesite=lax; httponly", _browser.CookieAttributes["iam-browser"].Replace(";", "; ").Replace("  ", " "));
    }

    [Fact]
    public async Task A_form_of_the_application_is_answered_303_and_goes_on_as_a_link_does()
    {
        var posted = await _browser.PostAsync(FlowBench.Authorize, [.. FlowBench.Parameters().Select(p => (p.Key, p.Value))]);
        Assert.Equal(HttpStatusCode.SeeOther, posted.Status);
        var login = await _browser.FollowAsync(posted);
        var page = await _browser.FollowAsync(await _browser.PostAsync($"{FlowBench.Authorize}/login", ("request", login.Hidden("request")), ("username", "carol")));
        page = await Bench.ConsentAsync(_browser, page);

        Assert.Equal("s t&a=t/e\u00e4", page.Parameter("state"));
        Assert.NotNull(page.Parameter("code"));
        var again = await _browser.GetAsync(posted.Location!);
        Assert.Equal((HttpStatusCode.BadRequest, null), (again.Status, again.Location));
    }

    [Fact]
    public async Task The_answer_may_be_a_form_post()
    {
        var page = await Bench.ConsentAsync(_browser, await Bench.LogInAsync(_browser, FlowBench.With(("response_mode", "form_post"), ("state", "\"><x>"))));

        Assert.Equal((HttpStatusCode.OK, null), (page.Status, page.Location));
        Assert.Contains($"<form method=\"post\" action=\"{FlowBench.Callback}\">", page.Body);
        Assert.Equal(("\"><x>", FlowBench.Issuer), (page.Hidden("state"), page.Hidden("iss")));
        Assert.Contains("script-src 'sha256-", page.Headers["Content-Security-Policy"]);
        Assert.Contains("<button type=\"submit\">", page.Body);
        using var response = await FlowBench.RedeemAsync(Bench.One, page.Hidden("code"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
