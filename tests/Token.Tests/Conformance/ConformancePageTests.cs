using System.Net;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Token.Tests.Authorization;
using Token.Tests.Hosting;

namespace Token.Tests.Conformance;

/// <summary>The report for people.</summary>
public sealed class ConformancePageTests(FlowFixture fixture) : IClassFixture<FlowFixture>
{
    private const string Page = "/realms/demo/account/conformance";

    [Fact]
    public async Task Is_shown_to_whoever_may_read_the_configuration_and_to_nobody_else()
    {
        var bench = fixture.Bench;
        using var browser = bench.Browser();
        var stranger = await browser.GetAsync(Page);
        await bench.LogInAsync(browser, FlowBench.Parameters());
        var powerless = await browser.GetAsync(Page);
        var revision = bench.Realms.Change("demo", TestRealm.Binding("demo", "b-carol-reads", MemberType.User, "carol", IamPermissions.AdministratorRole, null));
        await bench.One.ReachAsync("demo", revision);
        var reader = await browser.GetAsync(Page);
        var elsewhere = await browser.GetAsync("/realms/other/account/conformance");

        Assert.Equal(
            (HttpStatusCode.BadRequest, HttpStatusCode.Forbidden, HttpStatusCode.OK, HttpStatusCode.BadRequest),
            (stranger.Status, powerless.Status, reader.Status, elsewhere.Status));
        Assert.DoesNotContain("V10.4", stranger.Body + powerless.Body + elsewhere.Body);
        Assert.Contains("V10.4.13: The code grant is always with pushed requests (L3).", reader.Body);
        Assert.Contains("""<strong class="problem">not met</strong>. Some clients may send authorization requests through the browser""", reader.Body);
        Assert.Contains("demo-web", reader.Body);
    }
}
