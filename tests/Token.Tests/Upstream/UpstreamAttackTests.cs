using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Pltfrms.Iam.Common.Realms.Model;
using Testing;
using Token.Tests.Authorization;
using Token.Tests.Hosting;

namespace Token.Tests.Upstream;

/// <summary>Providers and strangers who try to log in as somebody.</summary>
public sealed class UpstreamAttackTests : IAsyncLifetime
{
    private const string Cookie = "iam-session.demo";

    private readonly SqliteTokenDatabase _database = new();
    private UpstreamBench _bench = null!;
    private TestBrowser _browser = null!;

    public static TheoryData<string> BadIdTokens => [.. BadProviders.IdTokens.Keys];

    public static TheoryData<string> BadAnswers => [.. BadProviders.Answers.Keys];

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _bench = await UpstreamBench.StartAsync(_database);
        _browser = _bench.Flow.Browser();
    }

    public async Task DisposeAsync()
    {
        _browser.Dispose();
        await _bench.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(BadIdTokens))]
    public async Task An_id_token_that_is_not_for_this_login_logs_nobody_in(string what)
    {
        BadProviders.IdTokens[what](_bench.Provider);

        var page = await _bench.LogInAsync(_browser);

        AssertNobody(page, "temporarily_unavailable");
    }

    [Fact]
    public async Task What_the_bad_id_tokens_are_made_of_is_a_good_one()
    {
        _bench.Provider.Claims = claims =>
        {
            claims["aud"] = new[] { "somebody else", ProviderStandIn.ClientId };
            claims["azp"] = ProviderStandIn.ClientId;
            claims["at_hash"] = System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData("an-access-token"u8).AsSpan(0, 16));
        };

        Assert.NotNull((await _bench.LogInAsync(_browser)).Parameter("code"));
        Assert.Contains(Cookie, _browser.Cookies.Keys);
    }

    [Theory]
    [InlineData("jwt", "key-1")]
    [InlineData(null, "key-1")]
    [InlineData("JWT", null)]
    public async Task A_good_one_may_leave_out_its_type_and_its_key(string? type, string? keyId)
    {
        var header = new Dictionary<string, string?> { ["alg"] = "ES256", ["typ"] = type, ["kid"] = keyId }.Where(member => member.Value is not null).ToDictionary();
        _bench.Provider.Sign = (p, _, payload) => p.SignWith(p.Key, ProviderStandIn.Encode(header), payload);

        Assert.NotNull((await _bench.LogInAsync(_browser)).Parameter("code"));
    }

    [Theory]
    [MemberData(nameof(BadAnswers))]
    public async Task A_token_endpoint_that_fails_ends_the_login_and_not_the_page(string what)
    {
        _bench.Provider.TokenEndpoint = BadProviders.Answers[what];

        AssertNobody(await _bench.LogInAsync(_browser), "temporarily_unavailable");
    }

    [Theory]
    [InlineData("access_denied", "access_denied")]
    [InlineData("login_required", "login_required")]
    [InlineData("interaction_required", "interaction_required")]
    [InlineData("unmet_authentication_requirements", "unmet_authentication_requirements")]
    [InlineData("server_error", "temporarily_unavailable")]
    [InlineData("<script>", "temporarily_unavailable")]
    public async Task An_error_of_the_provider_reaches_the_client_as_what_it_means_to_it(string error, string expected)
    {
        var state = ProviderStandIn.Query(await _bench.LeaveAsync(_browser))["state"];

        var page = await _browser.GetAsync(
            $"{UpstreamBench.Callback}?error={Uri.EscapeDataString(error)}&error_description=x%0Ay&state={state}&iss={Uri.EscapeDataString(_bench.Provider.Issuer)}");

        AssertNobody(page, expected);
        Assert.DoesNotContain("%3Cscript", page.Location);
    }

    [Fact]
    public async Task A_response_of_another_provider_or_of_none_is_not_believed()
    {
        var issuer = Uri.EscapeDataString(_bench.Provider.Issuer);
        foreach (var replacement in new[] { "", "&iss=https%3A%2F%2Fevil.example" })
        {
            var callback = _bench.Provider.LogIn(await _bench.LeaveAsync(_browser));
            AssertNobody(await _browser.GetAsync(callback.Replace($"&iss={issuer}", replacement, StringComparison.Ordinal)), "temporarily_unavailable");
        }

        // The code of one login in the response of another: the nonce and the code verifier are those of its own.
        using var attacker = _bench.Flow.Browser();
        var theirs = ProviderStandIn.Query(_bench.Provider.LogIn(await _bench.LeaveAsync(attacker)))["code"];
        var mine = _bench.Provider.LogIn(await _bench.LeaveAsync(_browser));
        AssertNobody(
            await _browser.GetAsync(mine.Replace(ProviderStandIn.Query(mine)["code"], theirs, StringComparison.Ordinal)), "temporarily_unavailable");
    }

    [Fact]
    public async Task Nobody_is_logged_in_by_a_response_that_another_browser_got()
    {
        using var attacker = _bench.Flow.Browser();
        var theirs = _bench.Provider.LogIn(await _bench.LeaveAsync(attacker));
        var own = await _bench.LeaveAsync(_browser);
        var swapped = _bench.Provider.LogIn(own).Replace(
            ProviderStandIn.Query(own)["state"], ProviderStandIn.Query(theirs)["state"], StringComparison.Ordinal);
        var guessed = _bench.Provider.LogIn(own).Replace(
            ProviderStandIn.Query(own)["state"], ProviderStandIn.Query(own)["state"].Split('.')[0] + ".guessed", StringComparison.Ordinal);

        foreach (var address in new[] { theirs, swapped, guessed, UpstreamBench.Callback, $"{UpstreamBench.Callback}?state=x&state=y", $"{UpstreamBench.Callback}?state=%00" })
        {
            var page = await _browser.GetAsync(address);
            Assert.Equal((HttpStatusCode.BadRequest, null), (page.Status, page.Location));
        }

        Assert.DoesNotContain(Cookie, _browser.Cookies.Keys);
    }

    [Fact]
    public async Task A_response_is_good_for_its_own_realm_only()
    {
        var callback = _bench.Provider.LogIn(await _bench.LeaveAsync(_browser));

        var withoutProvider = await _browser.GetAsync(callback.Replace("/realms/demo/", "/realms/other/", StringComparison.Ordinal));
        var demo = _bench.Flow.Realms.Resources("demo").OfType<Realm>().Single();
        var other = _bench.Flow.Realms.Resources("other").OfType<Realm>().Single() with { LoginSettings = demo.LoginSettings };
        await _bench.Flow.One.ReachAsync("other", _bench.Flow.Realms.Change("other", other));
        var withTheSame = await _browser.GetAsync(callback.Replace("/realms/demo/", "/realms/other/", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.NotFound, withoutProvider.Status);
        Assert.Equal((HttpStatusCode.BadRequest, null), (withTheSame.Status, withTheSame.Location));
    }

    [Fact]
    public async Task A_response_is_not_shown_to_a_provider_that_the_realm_has_had_since()
    {
        var callback = _bench.Provider.LogIn(await _bench.LeaveAsync(_browser));
        await using var another = await ProviderStandIn.StartAsync(_bench.Flow.Clock);
        await _bench.SetAsync(upstream => upstream with { Issuer = another.Issuer });

        var page = await _browser.GetAsync(callback);

        Assert.Equal((HttpStatusCode.BadRequest, null), (page.Status, page.Location));
        Assert.Empty(another.LastForm);
    }

    [Fact]
    public async Task Made_up_key_ids_make_nobody_ask_the_provider_all_the_time()
    {
        var number = 0;
        _bench.Provider.Sign = (p, _, payload) => p.SignWith(
            p.Key, ProviderStandIn.Encode(new { alg = "ES256", kid = $"made-up-{Interlocked.Increment(ref number).ToString(CultureInfo.InvariantCulture)}" }), payload);
        for (var i = 0; i < 20; i++)
        {
            AssertNobody(await _bench.LogInAsync(_browser), "temporarily_unavailable");
        }

        Assert.Equal(1, _bench.Provider.KeyFetches);

        // A new key is found all the same, a little later.
        (_bench.Provider.Sign, _bench.Provider.KeyId) = (null, "key-2");
        _bench.Flow.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.NotNull((await _bench.LogInAsync(_browser)).Parameter("code"));
        Assert.Equal(2, _bench.Provider.KeyFetches);
    }

    [Fact]
    public async Task A_login_that_is_older_or_weaker_than_asked_for_is_not_enough()
    {
        _bench.Provider.Claims = claims => claims["auth_time"] = (long)claims["iat"]! - 400;
        Assert.Equal("unmet_authentication_requirements", (await _bench.LogInAsync(_browser, ("max_age", "300"))).Parameter("error"));
        Assert.NotNull((await _bench.LogInAsync(_browser, ("max_age", "350"))).Parameter("code"));
        Assert.Equal("unmet_authentication_requirements", (await _bench.LogInAsync(_browser, ("prompt", "login"))).Parameter("error"));
        Assert.Equal("unmet_authentication_requirements", (await _bench.LogInAsync(_browser, ("max_age", "0"))).Parameter("error"));
        _bench.Provider.Claims = claims => claims["auth_time"] = null;
        Assert.Equal("unmet_authentication_requirements", (await _bench.LogInAsync(_browser, ("max_age", "0"))).Parameter("error"));
        _bench.Provider.Claims = claims => claims["acr"] = "low";
        Assert.Equal("unmet_authentication_requirements", (await _bench.LogInAsync(_browser, ("acr_values", "high"))).Parameter("error"));
        _bench.Provider.Claims = claims => claims["acr"] = "urn:mfa";
        Assert.NotNull((await _bench.LogInAsync(_browser, ("acr_values", "high"))).Parameter("code"));
    }

    [Fact]
    public async Task Only_users_whom_the_realm_knows_or_makes_log_in()
    {
        _bench.Provider.Subject = "erin";
        AssertNobody(await _bench.LogInAsync(_browser), "access_denied");

        await _bench.SetAsync(upstream => upstream with { CreateUsers = true });
        Assert.NotNull((await _bench.LogInAsync(_browser)).Parameter("code"));
        // Not the user erin of the realm, whom the provider does not know.
        Assert.Equal("made-for-erin", _bench.Flow.Consent.Questions.Last().UserId);
        Assert.Equal("Carol at the provider", _bench.Flow.Realms.Resources("demo").OfType<User>().Single(user => user.UserId == "made-for-erin").DisplayName);

        var disabled = _bench.Flow.Realms.Resources("demo").OfType<User>().Single(user => user.UserId == "made-for-erin") with { Disabled = true };
        await _bench.ReachAsync(_bench.Flow.Realms.Change("demo", disabled));
        using var another = _bench.Flow.Browser();
        Assert.Equal("access_denied", (await _bench.LogInAsync(another)).Parameter("error"));
        Assert.DoesNotContain(Cookie, another.Cookies.Keys);
    }

    [Fact]
    public async Task Without_asking_only_the_provider_can_say_who_the_user_is()
    {
        var silent = await _bench.LeaveAsync(_browser, ("prompt", "none"));
        Assert.Equal("none", ProviderStandIn.Query(silent)["prompt"]);
        AssertNobody(
            await _browser.GetAsync($"{UpstreamBench.Callback}?error=login_required&state={ProviderStandIn.Query(silent)["state"]}&iss={Uri.EscapeDataString(_bench.Provider.Issuer)}"),
            "login_required");

        _bench.Provider.Claims = claims => claims["acr"] = "low";
        Assert.Equal("login_required", (await _bench.LogInAsync(_browser, ("prompt", "none"), ("acr_values", "high"))).Parameter("error"));
        Assert.NotNull((await _bench.LogInAsync(_browser, ("prompt", "none"), ("max_age", "0"))).Parameter("code"));
    }

    [Fact]
    public async Task At_a_realms_own_host_the_browser_comes_back_there()
    {
        var realm = _bench.Flow.Realms.Resources("demo").OfType<Realm>().Single() with { HostName = "login.example.com" };
        await _bench.ReachAsync(_bench.Flow.Realms.Change("demo", realm));

        var leaving = await _browser.SendAsync(AtOwnHost(FlowBench.Address(FlowBench.Parameters(), "/oauth2/authorize")));
        Assert.Equal("http://login.example.com/oauth2/authorize/callback", ProviderStandIn.Query(leaving.Location!)["redirect_uri"]);
        var back = await _browser.SendAsync(AtOwnHost(new Uri(_bench.Provider.LogIn(leaving.Location!)).PathAndQuery));

        Assert.StartsWith("http://login.example.com/oauth2/authorize/resume?request=", back.Location);
        Assert.Equal("http://login.example.com/oauth2/authorize/callback", _bench.Provider.LastForm["redirect_uri"]);
    }

    [Fact]
    public async Task The_development_login_is_no_way_around_the_provider()
    {
        var handle = ProviderStandIn.Query(await _bench.LeaveAsync(_browser))["state"].Split('.')[0];

        var page = await _browser.PostAsync($"{FlowBench.Authorize}/login", ("request", handle), ("username", "carol"));

        Assert.Equal((HttpStatusCode.NotFound, null), (page.Status, page.Location));
        Assert.DoesNotContain(Cookie, _browser.Cookies.Keys);
    }

    [Fact]
    public async Task A_client_that_is_gone_meanwhile_is_told_nothing()
    {
        var callback = _bench.Provider.LogIn(await _bench.LeaveAsync(_browser));
        var web = _bench.Flow.Realms.Resources("demo").OfType<Client>().Single(client => client.ClientId == "demo-web");
        await _bench.ReachAsync(_bench.Flow.Realms.Change("demo", web with { RedirectUris = ["https://moved.example/cb"] }));

        var page = await _browser.FollowAsync(await _browser.GetAsync(callback));
        var state = ProviderStandIn.Query(callback)["state"];

        Assert.Equal((HttpStatusCode.BadRequest, null), (page.Status, page.Location));
        Assert.Equal(HttpStatusCode.BadRequest, (await _browser.GetAsync($"{UpstreamBench.Callback}?error=access_denied&state={state}")).Status);
    }

    private static HttpRequestMessage AtOwnHost(string path) => new(HttpMethod.Get, path) { Headers = { Host = "login.example.com" } };

    private void AssertNobody(TestBrowser.Page page, string error)
    {
        Assert.Equal((error, FlowBench.Issuer), (page.Parameter("error"), page.Parameter("iss")));
        Assert.StartsWith(FlowBench.Callback, page.Location);
        Assert.Null(page.Parameter("code"));
        Assert.DoesNotContain(Cookie, _browser.Cookies.Keys);
    }
}
