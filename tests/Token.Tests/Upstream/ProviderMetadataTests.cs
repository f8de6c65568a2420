using Microsoft.AspNetCore.Http;
using Testing;
using Token.Tests.Authorization;
using Token.Tests.Hosting;

namespace Token.Tests.Upstream;

/// <summary>What a provider says about itself, and what is not believed of it.</summary>
public sealed class ProviderMetadataTests : IAsyncLifetime
{
    private readonly SqliteTokenDatabase _database = new();
    private UpstreamBench _bench = null!;
    private TestBrowser _browser = null!;

    public static TheoryData<string> Wrong => [.. Changes.Keys];

    public static TheoryData<string> Failing => [.. Failures.Keys];

    private static Dictionary<string, Action<Dictionary<string, object?>>> Changes { get; } = new(StringComparer.Ordinal)
    {
        ["another issuer (mix-up)"] = metadata => metadata["issuer"] = "https://honest.example",
        ["no issuer"] = metadata => metadata.Remove("issuer"),
        ["an issuer with a slash more"] = metadata => metadata["issuer"] += "/",
        ["no authorization endpoint"] = metadata => metadata.Remove("authorization_endpoint"),
        ["a script as authorization endpoint"] = metadata => metadata["authorization_endpoint"] = "javascript:alert(1)",
        ["a relative authorization endpoint"] = metadata => metadata["authorization_endpoint"] = "/authorize",
        ["a header in the authorization endpoint"] = metadata => metadata["authorization_endpoint"] = "https://op.example/\r\nSet-Cookie: a=b",
        ["a fragment in the authorization endpoint"] = metadata => metadata["authorization_endpoint"] = "https://op.example/#",
        ["a plain token endpoint"] = metadata => metadata["token_endpoint"] = "http://op.example/token",
        ["a user name in the token endpoint"] = metadata => metadata["token_endpoint"] = "https://a:b@op.example/token",
        ["a file as key set"] = metadata => metadata["jwks_uri"] = "file:///etc/passwd",
        ["a number as key set"] = metadata => metadata["jwks_uri"] = 1,
    };

    private static Dictionary<string, Func<HttpContext, Task>> Failures { get; } = new(StringComparer.Ordinal)
    {
        ["500"] = context => Task.FromResult(context.Response.StatusCode = 500),
        ["404"] = context => Task.FromResult(context.Response.StatusCode = 404),
        ["garbage"] = context => context.Response.WriteAsync("garbage"),
        ["far too much"] = context => context.Response.WriteAsync(new string('[', 300_000)),
        ["a redirect"] = context =>
        {
            context.Response.Redirect("https://evil.example/.well-known/openid-configuration");
            return Task.CompletedTask;
        },
    };

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
    [MemberData(nameof(Wrong))]
    public async Task Metadata_that_is_not_the_issuers_or_leads_elsewhere_is_not_used(string what)
    {
        _bench.Provider.Metadata = Changes[what];

        await AssertUnavailableAsync();
    }

    [Theory]
    [MemberData(nameof(Failing))]
    public async Task A_provider_that_cannot_be_reached_is_told_to_the_client(string what)
    {
        _bench.Provider.Everything = Failures[what];
        await AssertUnavailableAsync();

        // It is not asked again at once, and it is a little later.
        _bench.Provider.Everything = null;
        await AssertUnavailableAsync();
        _bench.Flow.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.NotNull((await _bench.LogInAsync(_browser)).Parameter("code"));
    }

    [Fact]
    public async Task What_is_known_of_a_provider_outlives_its_outage()
    {
        Assert.NotNull((await _bench.LogInAsync(_browser)).Parameter("code"));
        _bench.Provider.Metadata = _ => throw new InvalidOperationException("It is broken.");
        _bench.Flow.Clock.Advance(TimeSpan.FromHours(2));

        Assert.NotNull((await _bench.LogInAsync(_browser, ("prompt", "login"))).Parameter("code"));
    }

    [Fact]
    public async Task The_secret_is_a_parameter_where_the_provider_takes_it_in_no_other_way_and_public_clients_have_none()
    {
        _bench.Provider.Metadata = metadata => metadata["token_endpoint_auth_methods_supported"] = new[] { "client_secret_post" };
        Assert.NotNull((await _bench.LogInAsync(_browser)).Parameter("code"));
        Assert.Equal(
            (null, ProviderStandIn.ClientId, ProviderStandIn.ClientSecret),
            (_bench.Provider.LastAuthorization, _bench.Provider.LastForm["client_id"], _bench.Provider.LastForm["client_secret"]));

        await _bench.SetAsync(upstream => upstream with { ClientSecret = null });
        using var another = _bench.Flow.Browser();
        Assert.NotNull((await _bench.LogInAsync(another)).Parameter("code"));
        Assert.Equal(
            (null, ProviderStandIn.ClientId, false),
            (_bench.Provider.LastAuthorization, _bench.Provider.LastForm["client_id"], _bench.Provider.LastForm.ContainsKey("client_secret")));
    }

    private async Task AssertUnavailableAsync()
    {
        var page = await _browser.GetAsync(FlowBench.Address(FlowBench.Parameters()));

        Assert.StartsWith(FlowBench.Callback, page.Location);
        Assert.Equal(("temporarily_unavailable", FlowBench.Issuer), (page.Parameter("error"), page.Parameter("iss")));
    }
}
