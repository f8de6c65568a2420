using System.Net;
using System.Text.Json;
using Testing;
using Testing.Databases;
using Token.Tests.Hosting;
using Token.Tests.OAuth;

namespace Token.Tests.Authorization;

/// <summary>Devices without a browser, on either engine and through two replicas.</summary>
public abstract class DeviceFlowContract(TestDatabase database) : IAsyncLifetime
{
    private const string Device = "/realms/demo/device";

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
    public async Task A_user_types_the_code_logs_in_and_consents_and_the_device_gets_its_token_once()
    {
        var started = await StartAsync();
        Assert.Matches("^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$", started.GetProperty("user_code").GetString());
        Assert.Equal(
            ($"{FlowBench.Issuer}/device", 600, 5),
            (started.GetProperty("verification_uri").GetString(), started.GetProperty("expires_in").GetInt32(), started.GetProperty("interval").GetInt32()));
        await AssertPollAsync(started, "authorization_pending");
        await AssertPollAsync(started, "slow_down");
        _bench.Clock.Advance(TimeSpan.FromSeconds(9));
        await AssertPollAsync(started, "slow_down");
        _bench.Clock.Advance(TimeSpan.FromSeconds(15));
        await AssertPollAsync(started, "authorization_pending");

        using var browser = _bench.Browser();
        var page = await EnterAsync(browser, started.GetProperty("user_code").GetString()!.ToLowerInvariant().Replace('-', ' '));
        page = await browser.PostAsync($"{FlowBench.Authorize}/login", ("request", page.Hidden("request")), ("username", "carol"));
        page = await _bench.ConsentAsync(browser, await browser.FollowAsync(page));

        Assert.Contains("The device is connected", page.Body);
        using var response = await PollAsync(_bench.Two, started);
        var tokens = await TokenReplica.JsonAsync(response);
        Assert.True(response.IsSuccessStatusCode, tokens.GetRawText());
        var claims = FlowBench.Claims(tokens);
        Assert.Equal(("carol", "demo-tv", "invoices.read"), (claims.GetProperty("sub").GetString(), claims.GetProperty("client_id").GetString(), claims.GetProperty("scope").GetString()));
        Assert.Equal("urn:ietf:params:oauth:grant-type:device_code", _bench.Consent.Questions.Last().GrantType);
        await AssertPollAsync(started, "invalid_grant");
        Assert.Equal("""{"active":false}""", await _bench.One.IntrospectAsync("demo", tokens.GetProperty("access_token").GetString()!));
    }

    [StorageFact]
    public async Task A_user_who_denies_and_a_code_that_expires_are_told_to_the_device()
    {
        var (denied, expired) = (await StartAsync(), await StartAsync());
        using var browser = _bench.Browser();
        var page = await EnterAsync(browser, denied.GetProperty("user_code").GetString()!);
        page = await browser.FollowAsync(await browser.PostAsync($"{FlowBench.Authorize}/login", ("request", page.Hidden("request")), ("username", "carol")));
        _bench.Consent.Deny(page.Location![TestConsent.Page.Length..]);
        Assert.Null((await _bench.ConsentAsync(browser, page)).Location);

        await AssertPollAsync(denied, "access_denied");
        _bench.Clock.Advance(TimeSpan.FromMinutes(10));
        await AssertPollAsync(expired, "expired_token");
        var late = await browser.PostAsync(Device, ("csrf_token", (await browser.GetAsync(Device)).Hidden("csrf_token")), ("user_code", expired.GetProperty("user_code").GetString()!));
        Assert.Equal(HttpStatusCode.BadRequest, late.Status);
        Assert.Contains("unknown or has expired", late.Body);
    }

    [StorageFact]
    public async Task Of_64_that_redeem_a_device_code_at_once_one_succeeds()
    {
        var started = await StartAsync();
        using var browser = _bench.Browser();
        var page = await EnterAsync(browser, started.GetProperty("user_code").GetString()!);
        page = await browser.PostAsync($"{FlowBench.Authorize}/login", ("request", page.Hidden("request")), ("username", "carol"));
        await _bench.ConsentAsync(browser, await browser.FollowAsync(page));

        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(async i =>
        {
            using var response = await PollAsync(i % 2 == 0 ? _bench.One : _bench.Two, started);
            return response.StatusCode;
        }));

        Assert.Single(answers, status => status == HttpStatusCode.OK);
        Assert.Equal(63, answers.Count(status => status == HttpStatusCode.BadRequest));
    }

    [StorageFact]
    public async Task A_link_fills_the_form_in_but_takes_nothing_and_a_form_of_another_site_is_refused()
    {
        var started = await StartAsync();
        using var browser = _bench.Browser();
        var code = started.GetProperty("user_code").GetString()!;

        var link = await browser.GetAsync(started.GetProperty("verification_uri_complete").GetString()!);
        Assert.Contains($"name=\"user_code\" value=\"{code}\"", link.Body);
        using var attacker = _bench.Browser();
        var theirs = (await attacker.GetAsync(Device)).Hidden("csrf_token");
        var forged = await browser.PostAsync(Device, ("user_code", code));
        var planted = await browser.PostAsync(Device, ("user_code", code), ("csrf_token", theirs));

        Assert.All([forged, planted], page => Assert.Equal((HttpStatusCode.BadRequest, null), (page.Status, page.Location)));
        await AssertPollAsync(started, "authorization_pending");
    }

    [StorageFact]
    public async Task The_page_has_a_json_api()
    {
        var started = await StartAsync();
        using var browser = _bench.Browser();
        var csrf = JsonDocument.Parse((await browser.SendAsync(Json(HttpMethod.Get))).Body).RootElement.GetProperty("csrf_token").GetString()!;

        var wrong = await browser.SendAsync(Json(HttpMethod.Post, ("csrf_token", csrf), ("user_code", "BBBB-BBBB")));
        var right = await browser.SendAsync(Json(HttpMethod.Post, ("csrf_token", csrf), ("user_code", started.GetProperty("user_code").GetString()!)));

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (wrong.Status, JsonDocument.Parse(wrong.Body).RootElement.GetProperty("error").GetString()));
        var next = JsonDocument.Parse(right.Body).RootElement.GetProperty("redirect_to").GetString()!;
        Assert.Contains("name=\"username\"", (await browser.GetAsync(next)).Body);
    }

    [StorageFact]
    public async Task Guessing_user_codes_ends_soon_and_says_when_to_come_again()
    {
        using var browser = _bench.Browser();
        var csrf = (await browser.GetAsync(Device)).Hidden("csrf_token");
        var pages = new List<TestBrowser.Page>();
        for (var i = 0; i < 21; i++)
        {
            pages.Add(await browser.PostAsync(Device, ("csrf_token", csrf), ("user_code", "BBBB-BBBB")));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, pages[^1].Status);
        Assert.InRange(int.Parse(pages[^1].Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture), 1, 60);
    }

    [StorageFact]
    public async Task Only_the_device_itself_and_clients_with_the_grant_get_anywhere()
    {
        var started = await StartAsync();

        using var other = await _bench.One.PostAsync(
            "/realms/demo/oauth2/token",
            TokenReplica.Basic("demo-web", TestRealm.WebSecret),
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", started.GetProperty("device_code").GetString()!));
        using var notAllowed = await _bench.One.PostAsync("/realms/demo/oauth2/device_authorization", null, ("client_id", "demo-spa"));
        using var unknown = await _bench.One.PostAsync("/realms/demo/oauth2/device_authorization", null, ("client_id", "nobody"));

        await TokenEndpointTests.AssertRefusedAsync(other, 400, "unauthorized_client");
        await TokenEndpointTests.AssertRefusedAsync(notAllowed, 400, "unauthorized_client");
        await TokenEndpointTests.AssertRefusedAsync(unknown, 401, "invalid_client");
    }

    private static HttpRequestMessage Json(HttpMethod method, params (string Name, string Value)[] form)
    {
        var request = new HttpRequestMessage(method, Device);
        request.Headers.Accept.ParseAdd("application/json");
        if (form.Length > 0)
        {
            request.Content = new FormUrlEncodedContent(form.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)));
        }

        return request;
    }

    private async Task<JsonElement> StartAsync()
    {
        using var response = await _bench.One.PostAsync(
            "/realms/demo/oauth2/device_authorization", null, ("client_id", "demo-tv"), ("scope", "invoices.read"));
        var json = await TokenReplica.JsonAsync(response);
        Assert.True(response.IsSuccessStatusCode, json.GetRawText());
        return json;
    }

    private static async Task<TestBrowser.Page> EnterAsync(TestBrowser browser, string userCode)
    {
        var form = await browser.GetAsync(Device);
        return await browser.FollowAsync(await browser.PostAsync(Device, ("csrf_token", form.Hidden("csrf_token")), ("user_code", userCode)));
    }

    private static Task<HttpResponseMessage> PollAsync(TokenReplica replica, JsonElement started) => replica.PostAsync(
        "/realms/demo/oauth2/token",
        null,
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("client_id", "demo-tv"),
        ("device_code", started.GetProperty("device_code").GetString()!));

    private async Task AssertPollAsync(JsonElement started, string error)
    {
        using var response = await PollAsync(_bench.One, started);
        await TokenEndpointTests.AssertRefusedAsync(response, 400, error);
    }
}

public sealed class SqliteDeviceFlowTests(SqliteTokenDatabase database) : DeviceFlowContract(database), IClassFixture<SqliteTokenDatabase>;

[NeedsPostgres]
public sealed class PostgresDeviceFlowTests(PostgresTokenDatabase database) : DeviceFlowContract(database), IClassFixture<PostgresTokenDatabase>;
