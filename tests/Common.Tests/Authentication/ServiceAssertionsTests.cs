using Common.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.Common.Authentication;
using Testing;

namespace Common.Tests.Authentication;

/// <summary>How long an assertion of our own is used.</summary>
public sealed class ServiceAssertionsTests
{
    [Fact]
    public async Task An_assertion_is_reused_until_half_of_its_life_is_over()
    {
        using var key = new AssertionForge();
        var clock = new FakeClock();
        await using var server = await SampleServer.StartAsync(
            new SampleBehaviour(),
            new Dictionary<string, string?> { ["ServiceKey:PrivateKey"] = key.PrivateKey },
            builder => builder.Services.AddSingleton<TimeProvider>(clock));
        var assertions = server.App.Services.GetRequiredService<ServiceAssertions>();

        var first = assertions.For("token");
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(first, assertions.For("token"));
        Assert.NotEqual(first, assertions.For("realm-admin"));

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEqual(first, assertions.For("token"));
    }
}
