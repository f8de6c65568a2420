using System.Net;
using System.Net.Sockets;
using Client.Tests.Local;
using Grpc.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Pltfrms.Iam.Client;
using Testing;

namespace Client.Tests;

/// <summary>The check asks what the client may ask, and says what is missing.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task A_client_that_only_checks_permissions_is_healthy()
    {
        await using var fixture = await ClientFixture.StartAsync(options => options.CallScopes.Add("iam.permissions.check"));
        fixture.Server.Introspect = (_, _) => throw Faults.Of(StatusCode.PermissionDenied, "PERMISSION_DENIED");

        var health = await fixture.HealthAsync();

        Assert.Equal((HealthStatus.Healthy, "asks for permissions only, as Iam:CallScopes has it"), (health.Status, health.Description));
    }

    [Fact]
    public async Task A_client_that_only_checks_permissions_and_may_not_is_told_of_its_scopes()
    {
        await using var fixture = await ClientFixture.StartAsync(options => options.CallScopes.Add("iam.permissions.check"));
        fixture.Server.List = _ => throw Faults.Of(StatusCode.PermissionDenied, "PERMISSION_DENIED");

        var health = await fixture.HealthAsync();

        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.Equal(
            "PERMISSION_DENIED: Iam:ClientId or Iam:CallScopes: the client 'demo-api' may not ask this in the realm 'demo' "
            + "with the scopes 'iam.permissions.check'; the role iam-resource-server lets it",
            health.Description);
    }

    [Theory]
    [InlineData("iam.tokens.introspect")]
    [InlineData("iam.permissions.check", "iam.tokens.introspect")]
    [InlineData("a.scope.that.stands.for.both")]
    public async Task A_client_that_introspects_does_so_for_its_health(params string[] scopes)
    {
        await using var fixture = await ClientFixture.StartAsync(options => Array.ForEach(scopes, options.CallScopes.Add));
        fixture.Server.List = _ => throw Faults.Of(StatusCode.PermissionDenied, "PERMISSION_DENIED");

        Assert.Equal(HealthStatus.Healthy, (await fixture.HealthAsync()).Status);
    }

    [Fact]
    public async Task Keys_that_are_not_there_yet_are_what_is_missing_once_the_streams_are()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var server = await ContractServer.StartAsync();
        server.Feeds.Put(DemoRealm.Resources);
        await using var fixture = await ClientFixture.StartAsync(options =>
        {
            (options.Address, options.Mode, options.FeedStaleAfter) = (server.Address, IamMode.Local, TimeSpan.FromMinutes(1));
            options.Issuer = new($"http://{silent.LocalEndpoint}/realms/demo");
        });

        HealthReportEntry health = default;
        await Waiting.UntilAsync(async () =>
        {
            server.Feeds.Beat(fixture.Clock.GetUtcNow());
            health = await fixture.HealthAsync();
            return health.Data.Count == 2;
        });

        Assert.Equal((HealthStatus.Degraded, "asks for every decision: the realm's keys have not been read yet"), (health.Status, health.Description));
    }

    [Fact]
    public async Task Streams_that_are_too_old_are_told_apart_from_those_that_have_not_begun()
    {
        await using var fixture = await LocalFixture.StartAsync();

        fixture.Clock.Pass(LocalFixture.StaleAfter + TimeSpan.FromTicks(1));
        var health = await fixture.HealthAsync();

        Assert.Equal("asks for every decision: the streams are older than Iam:FeedStaleAfter (00:01:00)", health.Description);
    }
}
