using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Pltfrms.Iam.Client;
using Testing;

namespace Client.Tests.Local;

/// <summary>What is followed from the start is followed before anybody asks.</summary>
public sealed class FeedsAtStartTests
{
    [Theory]
    [InlineData(IamMode.Local, null)]
    [InlineData(IamMode.Cached, true)]
    public async Task The_streams_begin_with_the_host(IamMode mode, bool? watchFeeds)
    {
        await using var server = await ContractServer.StartAsync();
        server.Feeds.Put(DemoRealm.Resources);
        using var host = HostWith(server.Address, mode, watchFeeds);

        await host.StartAsync();

        await Waiting.UntilAsync(() => server.Feeds.Watchers == 2);
        await host.StopAsync();
    }

    [Theory]
    [InlineData(IamMode.Remote, null)]
    [InlineData(IamMode.Cached, null)]
    [InlineData(IamMode.Local, false)]
    public async Task What_nobody_wants_is_not_followed(IamMode mode, bool? watchFeeds)
    {
        await using var server = await ContractServer.StartAsync();
        using var host = HostWith(server.Address, mode, watchFeeds);

        await host.StartAsync();

        Assert.Empty(server.TokenRequests);
        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal((HealthStatus.Healthy, 0), (health.Entries["pltfrms-iam"].Status, health.Entries["pltfrms-iam"].Data.Count));
        Assert.Empty(server.Feeds.RealmRequests);
    }

    [Fact]
    public async Task A_token_service_that_is_away_holds_no_host_up()
    {
        using var host = HostWith(new Uri($"http://127.0.0.1:{FreePort.Next()}"), IamMode.Local, watchFeeds: null);

        await host.StartAsync();
        await host.StopAsync();
    }

    private static IHost HostWith(Uri address, IamMode mode, bool? watchFeeds)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddPltfrmsIam(options =>
        {
            (options.Address, options.Mode, options.WatchFeeds) = (address, mode, watchFeeds);
            (options.RealmId, options.ClientId, options.ClientSecret) = (DemoRealm.Id, "demo-api", "the-secret");
            options.Timeout = TimeSpan.FromSeconds(30);
        });
        builder.Services.AddHealthChecks().AddPltfrmsIam();
        return builder.Build();
    }
}
