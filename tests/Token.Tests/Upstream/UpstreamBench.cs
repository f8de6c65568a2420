using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Secrets;
using Testing;
using Testing.Databases;
using Token.Tests.Authorization;

namespace Token.Tests.Upstream;

/// <summary>A <see cref="FlowBench"/> whose realm demo logs users in at a provider.</summary>
internal sealed class UpstreamBench : IAsyncDisposable
{
    public const string Callback = "/realms/demo/oauth2/authorize/callback";

    public required FlowBench Flow { get; init; }

    public required ProviderStandIn Provider { get; init; }

    public static async Task<UpstreamBench> StartAsync(TestDatabase database)
    {
        var flow = await FlowBench.StartAsync(database);
        flow.Consent.KnowsTheAnswer = true;
        var bench = new UpstreamBench { Flow = flow, Provider = await ProviderStandIn.StartAsync(flow.Clock) };
        await bench.SetAsync(upstream => upstream);
        var carol = new User
        {
            RealmId = "demo",
            UserId = "carol",
            ExternalIdentities = [new() { Issuer = bench.Provider.Issuer, Subject = "sub-carol" }],
        };
        await bench.ReachAsync(flow.Realms.Change("demo", carol, new User { RealmId = "demo", UserId = "erin" }));
        return bench;
    }

    /// <summary>Changes what the realm says of its provider.</summary>
    public async Task SetAsync(Func<UpstreamProvider, UpstreamProvider> change)
    {
        var upstream = change(new UpstreamProvider
        {
            Issuer = Provider.Issuer,
            ClientId = ProviderStandIn.ClientId,
            ClientSecret = ProviderStandIn.ClientSecret,
            Scopes = ["email", "profile"],
            RolesClaim = "groups",
            RoleMappings = [new() { Value = "gone", StandsFor = "no-such-role" }, new() { Value = "staff", StandsFor = "viewer" }],
            AcrMappings = [new() { Value = "urn:mfa", StandsFor = "high" }],
        });
        var realm = Flow.Realms.Resources("demo").OfType<Realm>().Single() with { LoginSettings = new() { Upstream = upstream } };
        await ReachAsync(Flow.Realms.Change("demo", Flow.One.Services.GetRequiredService<UpstreamSecrets>().Sealed(realm)));
    }

    public async Task ReachAsync(long revision)
    {
        await Flow.One.ReachAsync("demo", revision);
        await Flow.Two.ReachAsync("demo", revision);
    }

    /// <summary>From the application's link to the provider: the address that the browser is sent to.</summary>
    public async Task<string> LeaveAsync(TestBrowser browser, params (string Name, string Value)[] more)
    {
        var parameters = FlowBench.Parameters();
        foreach (var (name, value) in more)
        {
            parameters[name] = value;
        }

        var page = await browser.GetAsync(FlowBench.Address(parameters));
        Assert.Equal(HttpStatusCode.Found, page.Status);
        Assert.StartsWith($"{Provider.Issuer}/authorize?tenant=1&", page.Location);
        return page.Location!;
    }

    /// <summary>There and back, to the application's callback or to a page.</summary>
    public async Task<TestBrowser.Page> LogInAsync(TestBrowser browser, params (string Name, string Value)[] more) =>
        await browser.FollowAsync(await browser.GetAsync(Provider.LogIn(await LeaveAsync(browser, more))));

    public async ValueTask DisposeAsync()
    {
        await Flow.DisposeAsync();
        await Provider.DisposeAsync();
    }
}
