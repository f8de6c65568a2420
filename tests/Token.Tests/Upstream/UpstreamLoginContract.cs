using System.Net;
using System.Text;
using Testing.Databases;
using Token.Tests.Authorization;
using Token.Tests.Hosting;

namespace Token.Tests.Upstream;

/// <summary>Logins at a realm's OpenID provider, on either engine and through two replicas.</summary>
public abstract class UpstreamLoginContract(TestDatabase database) : IAsyncLifetime
{
    private UpstreamBench _bench = null!;

    public async Task InitializeAsync()
    {
        if (PostgresInstallation.SkipReason is null || database is SqliteTestDatabase)
        {
            _bench = await UpstreamBench.StartAsync(database);
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
    public async Task A_user_logs_in_at_the_provider_and_comes_back_to_another_replica()
    {
        using var browser = _bench.Flow.Browser();
        var leaving = await _bench.LeaveAsync(
            browser, ("acr_values", "high low"), ("login_hint", "carol@x & y"), ("ui_locales", "de en"), ("max_age", "300"), ("prompt", "login"));
        var asked = ProviderStandIn.Query(leaving);
        Assert.Equal(
            ["acr_values", "client_id", "code_challenge", "code_challenge_method", "login_hint", "max_age", "nonce", "prompt", "redirect_uri", "response_type", "scope", "state", "tenant", "ui_locales"],
            asked.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            ("urn:mfa low", ProviderStandIn.ClientId, "S256", "carol@x & y", "300", "login"),
            (asked["acr_values"], asked["client_id"], asked["code_challenge_method"], asked["login_hint"], asked["max_age"], asked["prompt"]));
        Assert.Equal(
            (FlowBench.PublicAddress + UpstreamBench.Callback, "code", "openid email profile", "de en"),
            (asked["redirect_uri"], asked["response_type"], asked["scope"], asked["ui_locales"]));

        var loggedInAt = _bench.Flow.Clock.GetUtcNow();
        _bench.Provider.Claims = claims =>
        {
            claims["acr"] = "urn:mfa";
            claims["amr"] = new[] { "pwd", "otp" };
            claims["groups"] = new[] { "staff", "gone", "unknown" };
        };
        using var elsewhere = _bench.Flow.Browser(_bench.Flow.Two);
        foreach (var (name, value) in browser.Cookies)
        {
            elsewhere.Cookies[name] = value;
        }

        var page = await elsewhere.FollowAsync(await elsewhere.GetAsync(_bench.Provider.LogIn(leaving)));

        var basic = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{WebUtility.UrlEncode(ProviderStandIn.ClientId)}:{WebUtility.UrlEncode(ProviderStandIn.ClientSecret)}"));
        Assert.Equal($"Basic {basic}", _bench.Provider.LastAuthorization);
        Assert.Equal(["code", "code_verifier", "grant_type", "redirect_uri"], _bench.Provider.LastForm.Keys.Order(StringComparer.Ordinal));
        var question = _bench.Flow.Consent.Questions.Last();
        Assert.Equal(("carol", "high"), (question.UserId, question.Acr));
        Assert.Equal(["pwd", "otp"], question.Amr);
        Assert.Equal(["viewer"], question.LoginRoleIds);
        using var response = await FlowBench.RedeemAsync(_bench.Flow.One, page.Parameter("code")!);
        var claims = FlowBench.Claims(await TokenReplica.JsonAsync(response));
        Assert.Equal(
            ("carol", "high", loggedInAt.ToUnixTimeSeconds()),
            (claims.GetProperty("sub").GetString(), claims.GetProperty("acr").GetString(), claims.GetProperty("auth_time").GetInt64()));
    }

    [StorageFact]
    public async Task A_callback_is_taken_once_however_many_come_at_once()
    {
        using var browser = _bench.Flow.Browser();
        var callback = _bench.Provider.LogIn(await _bench.LeaveAsync(browser));
        using var other = _bench.Flow.Browser(_bench.Flow.Two);
        foreach (var (name, value) in browser.Cookies)
        {
            other.Cookies[name] = value;
        }

        var pages = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => (i % 2 == 0 ? browser : other).GetAsync(callback)));
        var later = await browser.GetAsync(callback);

        Assert.Single(pages, page => page.Status == HttpStatusCode.Found);
        Assert.Equal(15, pages.Count(page => page.Status == HttpStatusCode.BadRequest));
        Assert.Equal((HttpStatusCode.BadRequest, null), (later.Status, later.Location));
    }
}

public sealed class SqliteUpstreamLoginTests(SqliteTokenDatabase database) : UpstreamLoginContract(database), IClassFixture<SqliteTokenDatabase>;

[NeedsPostgres]
public sealed class PostgresUpstreamLoginTests(PostgresTokenDatabase database) : UpstreamLoginContract(database), IClassFixture<PostgresTokenDatabase>;
