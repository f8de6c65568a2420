using System.Net;
using Testing;
using Token.Tests.Hosting;

namespace Token.Tests.Authorization;

/// <summary>Logins and sessions, and who tries to get at them.</summary>
public sealed class SessionTests(FlowFixture fixture) : IClassFixture<FlowFixture>, IDisposable
{
    private const string Cookie = "iam-session.demo";

    private readonly TestBrowser _browser = fixture.Bench.Browser();

    private FlowBench Bench => fixture.Bench;

    public void Dispose()
    {
        Bench.Consent.KnowsTheAnswer = false;
        _browser.Dispose();
    }

    [Fact]
    public async Task A_login_is_good_for_every_client_of_the_realm_and_for_no_other_realm()
    {
        Bench.Consent.KnowsTheAnswer = true;
        await Bench.LogInAsync(_browser, FlowBench.Parameters());
        Assert.Equal("path=/; samesite=lax; httponly", _browser.CookieAttributes[Cookie].Replace(";", "; ").Replace("  ", " "));

        var same = await _browser.GetAsync(FlowBench.Address(FlowBench.Parameters("other-web")));
        var none = FlowBench.Parameters();
        none["prompt"] = "none";
        _browser.Cookies["iam-session.other"] = _browser.Cookies[Cookie];
        var foreign = await _browser.GetAsync(FlowBench.Address(none, "/realms/other/oauth2/authorize"));

        Assert.NotNull(same.Parameter("code"));
        Assert.Equal("login_required", foreign.Parameter("error"));
    }

    [Fact]
    public async Task A_login_changes_the_cookie_so_that_a_planted_one_is_worth_nothing()
    {
        Bench.Consent.KnowsTheAnswer = true;
        using var attacker = Bench.Browser();
        await Bench.LogInAsync(attacker, FlowBench.Parameters(), "bob");
        var planted = attacker.Cookies[Cookie];
        _browser.Cookies[Cookie] = planted;
        var again = FlowBench.Parameters();
        again["prompt"] = "login";

        await Bench.LogInAsync(_browser, again, "carol");

        Assert.NotEqual(planted, _browser.Cookies[Cookie]);
        var none = FlowBench.Parameters();
        none["prompt"] = "none";
        Assert.Equal("login_required", (await attacker.GetAsync(FlowBench.Address(none))).Parameter("error"));
        Assert.NotNull((await _browser.GetAsync(FlowBench.Address(none))).Parameter("code"));
    }

    [Fact]
    public async Task Nobody_is_logged_in_by_a_request_that_another_browser_began()
    {
        using var attacker = Bench.Browser();
        var theirs = await attacker.GetAsync(FlowBench.Address(FlowBench.Parameters()));

        var without = await _browser.PostAsync($"{FlowBench.Authorize}/login", ("request", theirs.Hidden("request")), ("username", "bob"));
        await _browser.GetAsync(FlowBench.Address(FlowBench.Parameters()));
        var with = await _browser.PostAsync($"{FlowBench.Authorize}/login", ("request", theirs.Hidden("request")), ("username", "bob"));
        var resumed = await _browser.GetAsync($"{FlowBench.Authorize}/resume?request={theirs.Hidden("request")}");

        Assert.All([without, with, resumed], page => Assert.Equal((HttpStatusCode.BadRequest, null), (page.Status, page.Location)));
        Assert.DoesNotContain(Cookie, _browser.Cookies.Keys);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nobody")]
    [InlineData("dave")]
    [InlineData("Carol")]
    public async Task Only_enabled_users_of_the_realm_log_in(string userName)
    {
        var login = await _browser.GetAsync(FlowBench.Address(FlowBench.Parameters()));
        var refused = await _browser.PostAsync($"{FlowBench.Authorize}/login", ("request", login.Hidden("request")), ("username", userName));

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("The realm has no such user.", refused.Body);
        Assert.DoesNotContain(Cookie, _browser.Cookies.Keys);
    }

    [Fact]
    public async Task A_session_ends_when_it_is_not_used_and_at_last_and_when_its_user_logs_out()
    {
        Bench.Consent.KnowsTheAnswer = true;
        var none = FlowBench.Parameters();
        none["prompt"] = "none";
        await Bench.LogInAsync(_browser, FlowBench.Parameters());
        for (var minutes = 0; minutes < 11 * 60 + 30; minutes += 50)
        {
            Bench.Clock.Advance(TimeSpan.FromMinutes(50));
            Assert.NotNull((await _browser.GetAsync(FlowBench.Address(none))).Parameter("code"));
        }

        Bench.Clock.Advance(TimeSpan.FromMinutes(50));
        Assert.Equal("login_required", (await _browser.GetAsync(FlowBench.Address(none))).Parameter("error"));

        await Bench.LogInAsync(_browser, FlowBench.Parameters());
        Bench.Clock.Advance(TimeSpan.FromMinutes(60));
        Assert.Equal("login_required", (await _browser.GetAsync(FlowBench.Address(none))).Parameter("error"));

        await Bench.LogInAsync(_browser, FlowBench.Parameters());
        var value = _browser.Cookies[Cookie];
        var page = await _browser.GetAsync("/realms/demo/logout");
        Assert.Contains("<form method=\"post\">", page.Body);
        Assert.NotNull((await _browser.GetAsync(FlowBench.Address(none))).Parameter("code"));
        Assert.Equal(HttpStatusCode.SeeOther, (await _browser.PostAsync("/realms/demo/logout")).Status);
        Assert.DoesNotContain(Cookie, _browser.Cookies.Keys);
        _browser.Cookies[Cookie] = value;
        Assert.Equal("login_required", (await _browser.GetAsync(FlowBench.Address(none))).Parameter("error"));
    }

    [Fact]
    public async Task Max_age_prompt_login_and_acr_values_ask_for_a_new_login_once()
    {
        Bench.Consent.KnowsTheAnswer = true;
        await Bench.LogInAsync(_browser, FlowBench.Parameters());
        Bench.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.NotNull((await _browser.GetAsync(FlowBench.Address(With("max_age", "301")))).Parameter("code"));
        Assert.NotNull((await Bench.LogInAsync(_browser, With("max_age", "299"))).Parameter("code"));
        Assert.NotNull((await Bench.LogInAsync(_browser, With("max_age", "0"))).Parameter("code"));
        Assert.NotNull((await _browser.GetAsync(FlowBench.Address(With("acr_values", "low")))).Parameter("code"));
        var stepped = await Bench.LogInAsync(_browser, With("acr_values", "high"));
        using var response = await FlowBench.RedeemAsync(Bench.One, stepped.Parameter("code")!);
        Assert.Equal("high", FlowBench.Claims(await TokenReplica.JsonAsync(response)).GetProperty("acr").GetString());
        Assert.NotNull((await _browser.GetAsync(FlowBench.Address(With("acr_values", "low")))).Parameter("code"));
        Assert.Equal("unmet_authentication_requirements", (await Bench.LogInAsync(_browser, With("acr_values", "urn:unknown"))).Parameter("error"));
        Assert.NotNull((await Bench.LogInAsync(_browser, With("prompt", "login"))).Parameter("code"));
    }

    private static Dictionary<string, string> With(string name, string value)
    {
        var parameters = FlowBench.Parameters();
        parameters[name] = value;
        return parameters;
    }
}
