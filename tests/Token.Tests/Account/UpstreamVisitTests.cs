using System.Net;
using Testing;
using Token.Tests.Authorization;
using Token.Tests.Hosting;
using Token.Tests.Upstream;

namespace Token.Tests.Account;

/// <summary>The way to the page "applications with access" where the realm's users log in at an OpenID provider.</summary>
public sealed class UpstreamVisitTests : IAsyncLifetime
{
    private const string Applications = "/realms/demo/account/applications";

    private readonly SqliteTokenDatabase _database = new();
    private UpstreamBench _bench = null!;
    private TestBrowser _browser = null!;

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

    [Fact]
    public async Task A_user_logs_in_at_the_provider_and_goes_on_to_the_page()
    {
        var page = await _browser.FollowAsync(await _browser.GetAsync(_bench.Provider.LogIn(await LeaveAsync())));

        Assert.StartsWith(TestConsent.VisitPage, page.Location);
        Assert.Equal("carol", _bench.Flow.Consent.Visits.Last().UserId);
    }

    [Fact]
    public async Task Who_does_not_log_in_there_is_told_so_here()
    {
        var state = ProviderStandIn.Query(await LeaveAsync())["state"];
        var page = await _browser.FollowAsync(await _browser.GetAsync(
            $"{UpstreamBench.Callback}?error=access_denied&state={Uri.EscapeDataString(state)}&iss={Uri.EscapeDataString(_bench.Provider.Issuer)}"));

        Assert.Equal((HttpStatusCode.BadRequest, null), (page.Status, page.Location));
        Assert.Contains("access_denied", page.Body);
        Assert.Empty(_bench.Flow.Consent.Visits);
    }

    private async Task<string> LeaveAsync()
    {
        var page = await _browser.GetAsync(Applications);
        Assert.StartsWith($"{_bench.Provider.Issuer}/authorize", page.Location);
        return page.Location!;
    }
}
