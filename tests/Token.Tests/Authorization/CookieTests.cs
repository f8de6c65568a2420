using Testing;
using Token.Tests.Hosting;

namespace Token.Tests.Authorization;

/// <summary>The cookies over TLS.</summary>
public sealed class CookieTests : IAsyncLifetime
{
    private const string PublicAddress = "https://iam.example";

    private readonly SqliteTokenDatabase _database = new();
    private TokenReplica _replica = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        var realms = new TestRealmFeed();
        realms.Set("demo", TestRealm.Resources("demo"));
        realms.Change("demo", TestRealm.Client("demo", "web", ["invoices.read"], TestRealm.WebSecret) with
        {
            GrantTypes = ["authorization_code"],
            RedirectUris = [FlowBench.Callback],
        });
        _replica = await TokenReplica.StartAsync(
            new Dictionary<string, string?>(_database.Settings) { ["Token:PublicAddress"] = PublicAddress }, realms, new FakeClock());
    }

    public async Task DisposeAsync()
    {
        await _replica.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Over_tls_a_cookie_is_the_hosts_alone_and_a_planted_one_without_the_prefix_is_none()
    {
        using var browser = new TestBrowser(_replica.Http.BaseAddress!, PublicAddress);
        browser.Cookies["iam-browser"] = new string('A', 43);

        // The realm has no login here, so the client is told no; the browser has its cookie all the same.
        var answered = await browser.GetAsync(FlowBench.Address(FlowBench.Parameters("web")));

        Assert.Equal("access_denied", answered.Parameter("error"));
        Assert.Equal("path=/; secure; samesite=lax; httponly", browser.CookieAttributes["__Host-iam-browser"].Replace(";", "; ").Replace("  ", " "));
        Assert.NotEqual(new string('A', 43), browser.Cookies["__Host-iam-browser"]);
        Assert.DoesNotContain("iam-browser", browser.CookieAttributes.Keys);
    }
}
