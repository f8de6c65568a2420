using System.Net;
using Pltfrms.Iam.Common.Realms.Model;
using Testing;
using Testing.Databases;
using Token.Tests.Hosting;

namespace Token.Tests.Authorization;

/// <summary>Who tries to get at what another user, browser, device or realm is busy with. On either engine and through two replicas.</summary>
public abstract class FlowAttackContract(TestDatabase database) : IAsyncLifetime
{
    private const string Device = "/realms/demo/device";
    private const string Cookie = "iam-session.demo";
    private const int Crowd = 32;

    private FlowBench _bench = null!;

    public async Task InitializeAsync()
    {
        if (PostgresInstallation.SkipReason is null || database is SqliteTestDatabase)
        {
            _bench = await FlowBench.StartAsync(database);
        }
    }

    public async Task DisposeAsync()
    {
        if (_bench is not null)
        {
            await _bench.DisposeAsync();
        }
    }

    [StorageFact]
    public async Task A_request_is_unknown_in_every_other_realm()
    {
        using var browser = _bench.Browser();
        var handle = (await browser.GetAsync(FlowBench.Address(FlowBench.Parameters()))).Hidden("request");

        TestBrowser.Page[] pages =
        [
            await browser.GetAsync($"/realms/other/oauth2/authorize/resume?request={handle}"),
            await browser.PostAsync("/realms/other/oauth2/authorize/login", ("request", handle), ("username", "carol")),
            await browser.PostAsync("/realms/other/oauth2/authorize/organization", ("request", handle), ("organization", "acme")),
        ];

        Assert.All(pages, AssertGone);
        Assert.DoesNotContain(browser.Cookies.Keys, name => name.StartsWith("iam-session", StringComparison.Ordinal));
    }

    [StorageFact]
    public async Task A_form_of_another_site_brings_no_cookie_and_so_does_nothing()
    {
        using var browser = _bench.Browser();
        var handle = (await browser.GetAsync(FlowBench.Address(FlowBench.Parameters()))).Hidden("request");
        using var victim = _bench.Browser();
        _bench.Consent.KnowsTheAnswer = true;
        await _bench.LogInAsync(victim, FlowBench.Parameters());
        var cookie = victim.Cookies[Cookie];

        // What a browser sends with a form that another site posts: the form, and no cookie that is SameSite=Lax.
        using var crossSite = _bench.Browser();
        var login = await crossSite.PostAsync($"{FlowBench.Authorize}/login", ("request", handle), ("username", "bob"));
        var organization = await crossSite.PostAsync($"{FlowBench.Authorize}/organization", ("request", handle), ("organization", "acme"));
        var device = await crossSite.PostAsync(Device, ("user_code", "BBBB-BBBB"), ("csrf_token", new string('A', 43)));
        await crossSite.PostAsync("/realms/demo/logout");

        Assert.All([login, organization, device], AssertGone);
        Assert.DoesNotContain(Cookie, crossSite.Cookies.Keys);
        var none = FlowBench.Parameters();
        none["prompt"] = "none";
        Assert.NotNull((await victim.GetAsync(FlowBench.Address(none))).Parameter("code"));
        Assert.Equal(cookie, victim.Cookies[Cookie]);
    }

    [StorageFact]
    public async Task A_consent_is_of_the_user_who_gave_it_whoever_is_logged_in_by_then()
    {
        using var browser = _bench.Browser();
        var asked = await _bench.LogInAsync(browser, FlowBench.Parameters(), "carol");
        using var attacker = _bench.Browser();
        await _bench.LogInAsync(attacker, FlowBench.Parameters(), "bob");
        browser.Cookies[Cookie] = attacker.Cookies[Cookie];

        AssertGone(await _bench.ConsentAsync(browser, asked));
    }

    [StorageFact]
    public async Task An_answer_is_given_once_however_often_the_browser_comes_back()
    {
        using var browser = _bench.Browser();
        var asked = await _bench.LogInAsync(browser, FlowBench.Parameters());
        var back = $"{_bench.Consent.Questions.Last().ReturnUri}&consent_challenge={asked.Location![TestConsent.Page.Length..]}";

        var pages = await Task.WhenAll(Enumerable.Range(0, Crowd).Select(_ => browser.GetAsync(back)));
        var later = await browser.GetAsync(back.Split("&consent_challenge")[0]);

        Assert.Single(pages, page => page.Parameter("code") is not null);
        Assert.All(pages.Append(later).Where(page => page.Parameter("code") is null), AssertGone);
    }

    [StorageFact]
    public async Task Whoever_is_disabled_is_logged_in_no_more()
    {
        _bench.Consent.KnowsTheAnswer = true;
        using var browser = _bench.Browser();
        await _bench.LogInAsync(browser, FlowBench.Parameters(), "carol");
        var carol = _bench.Realms.Resources("demo").OfType<User>().Single(user => user.UserId == "carol");
        await _bench.One.ReachAsync("demo", _bench.Realms.Change("demo", carol with { Disabled = true }));
        var none = FlowBench.Parameters();
        none["prompt"] = "none";

        Assert.Equal("login_required", (await browser.GetAsync(FlowBench.Address(none))).Parameter("error"));
        var login = await browser.GetAsync(FlowBench.Address(FlowBench.Parameters()));
        Assert.Equal(
            HttpStatusCode.BadRequest, (await browser.PostAsync($"{FlowBench.Authorize}/login", ("request", login.Hidden("request")), ("username", "carol"))).Status);
    }

    [StorageFact]
    public async Task A_redirect_uri_that_is_registered_no_more_is_told_nothing()
    {
        using var browser = _bench.Browser();
        var asked = await _bench.LogInAsync(browser, FlowBench.Parameters());
        var web = _bench.Realms.Resources("demo").OfType<Client>().Single(client => client.ClientId == "demo-web");
        await _bench.One.ReachAsync("demo", _bench.Realms.Change("demo", web with { RedirectUris = ["https://moved.example/cb"] }));

        AssertGone(await _bench.ConsentAsync(browser, asked));
        AssertGone(await browser.GetAsync(_bench.Consent.Questions.Last().ReturnUri));
    }

    [StorageFact]
    public async Task No_kind_of_secret_passes_for_another_and_none_for_another_realms()
    {
        var tokens = await _bench.TokensAsync();
        var (refresh, access) = (tokens.GetProperty("refresh_token").GetString()!, tokens.GetProperty("access_token").GetString()!);
        var code = await _bench.CodeAsync();

        foreach (var wrong in new[] { code, refresh + "=", refresh[..^1], new string('A', 43) })
        {
            using var refused = await FlowBench.RefreshAsync(_bench.One, wrong);
            Assert.Equal("invalid_grant", (await TokenReplica.JsonAsync(refused)).GetProperty("error").GetString());
        }

        foreach (var wrong in new[] { refresh, new string('A', 43) })
        {
            using var refused = await FlowBench.RedeemAsync(_bench.One, wrong);
            Assert.Equal("invalid_grant", (await TokenReplica.JsonAsync(refused)).GetProperty("error").GetString());
        }

        using var confused = await FlowBench.RefreshAsync(_bench.One, access);
        Assert.Equal("invalid_request", (await TokenReplica.JsonAsync(confused)).GetProperty("error").GetString());
        using var elsewhere = await _bench.One.PostAsync(
            "/realms/other/oauth2/token", TokenReplica.Basic("demo-web", TestRealm.WebSecret), ("grant_type", "refresh_token"), ("refresh_token", refresh));
        Assert.Equal("invalid_grant", (await TokenReplica.JsonAsync(elsewhere)).GetProperty("error").GetString());

        // None of it did the family any harm, and the code is good still.
        using var refreshed = await FlowBench.RefreshAsync(_bench.Two, refresh);
        using var redeemed = await FlowBench.RedeemAsync(_bench.Two, code);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (refreshed.StatusCode, redeemed.StatusCode));
    }

    [StorageFact]
    public async Task A_device_is_answered_by_one_user_and_its_answer_stands()
    {
        _bench.Consent.KnowsTheAnswer = true;
        var (deviceCode, userCode) = await StartDeviceAsync();
        using var carol = _bench.Browser();
        using var bob = _bench.Browser(_bench.Two);
        var first = await EnterAsync(carol, userCode);
        var second = await EnterAsync(bob, userCode);

        var connected = await carol.FollowAsync(await carol.PostAsync($"{FlowBench.Authorize}/login", ("request", first.Hidden("request")), ("username", "carol")));
        var late = await bob.FollowAsync(await bob.PostAsync($"{FlowBench.Authorize}/login", ("request", second.Hidden("request")), ("username", "bob")));
        var stolen = await bob.GetAsync($"{FlowBench.Authorize}/resume?request={first.Hidden("request")}");

        Assert.Contains("The device is connected", connected.Body);
        Assert.All([late, stolen], AssertGone);
        using var response = await PollAsync(deviceCode);
        Assert.Equal("carol", FlowBench.Claims(await TokenReplica.JsonAsync(response)).GetProperty("sub").GetString());
    }

    [StorageFact]
    public async Task A_device_whose_user_is_disabled_gets_nothing()
    {
        _bench.Consent.KnowsTheAnswer = true;
        var (deviceCode, userCode) = await StartDeviceAsync();
        using var browser = _bench.Browser();
        var login = await EnterAsync(browser, userCode);
        await browser.FollowAsync(await browser.PostAsync($"{FlowBench.Authorize}/login", ("request", login.Hidden("request")), ("username", "carol")));
        var carol = _bench.Realms.Resources("demo").OfType<User>().Single(user => user.UserId == "carol");
        await _bench.One.ReachAsync("demo", _bench.Realms.Change("demo", carol with { Disabled = true }));

        using var response = await PollAsync(deviceCode);

        Assert.Equal("invalid_grant", (await TokenReplica.JsonAsync(response)).GetProperty("error").GetString());
    }

    [StorageFact]
    public async Task A_user_code_of_another_realm_or_of_none_is_unknown_and_shown_harmlessly()
    {
        var (_, userCode) = await StartDeviceAsync();
        using var browser = _bench.Browser();
        var csrf = (await browser.GetAsync(Device)).Hidden("csrf_token");

        var elsewhere = await browser.PostAsync("/realms/other/device", ("csrf_token", csrf), ("user_code", userCode));
        var script = await browser.GetAsync($"{Device}?user_code={Uri.EscapeDataString("\"><script>alert(1)</script>")}");
        var posted = await browser.PostAsync(Device, ("csrf_token", csrf), ("user_code", "\"><script>x"));

        Assert.Contains("unknown or has expired", elsewhere.Body);
        Assert.All([script, posted], page => Assert.DoesNotContain("<script", page.Body));
        Assert.Contains("value=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\"", script.Body);
    }

    private static void AssertGone(TestBrowser.Page page) =>
        Assert.Equal((HttpStatusCode.BadRequest, null, true), (page.Status, page.Location, page.Body.Contains("role=\"alert\"", StringComparison.Ordinal)));

    private async Task<(string DeviceCode, string UserCode)> StartDeviceAsync()
    {
        using var response = await _bench.One.PostAsync("/realms/demo/oauth2/device_authorization", null, ("client_id", "demo-tv"), ("scope", "invoices.read"));
        var json = await TokenReplica.JsonAsync(response);
        return (json.GetProperty("device_code").GetString()!, json.GetProperty("user_code").GetString()!);
    }

    private static async Task<TestBrowser.Page> EnterAsync(TestBrowser browser, string userCode)
    {
        var csrf = (await browser.GetAsync(Device)).Hidden("csrf_token");
        return await browser.FollowAsync(await browser.PostAsync(Device, ("csrf_token", csrf), ("user_code", userCode)));
    }

    private Task<HttpResponseMessage> PollAsync(string deviceCode) => _bench.One.PostAsync(
        "/realms/demo/oauth2/token", null,
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("client_id", "demo-tv"), ("device_code", deviceCode));
}

public sealed class SqliteFlowAttackTests(SqliteTokenDatabase database) : FlowAttackContract(database), IClassFixture<SqliteTokenDatabase>;

[NeedsPostgres]
public sealed class PostgresFlowAttackTests(PostgresTokenDatabase database) : FlowAttackContract(database), IClassFixture<PostgresTokenDatabase>;
