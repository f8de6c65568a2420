using Pltfrms.Iam.Common.Realms.Model;
using Token.Tests.OAuth;

namespace Token.Tests.Profiles;

/// <summary>Months of a refresh token that is not replaced. On its own, for it takes the clock along.</summary>
public sealed class FapiRefreshTests(FapiBench bench) : IClassFixture<FapiBench>
{
    [Fact]
    public async Task A_refresh_token_that_is_not_replaced_ends_without_use_at_last_and_when_it_is_revoked()
    {
        var settings = bench.Realms.Resources("demo").OfType<Realm>().Single().SessionSettings;
        var unused = (await bench.TokensAsync()).GetProperty("refresh_token").GetString()!;
        var used = (await bench.TokensAsync()).GetProperty("refresh_token").GetString()!;
        var revoked = (await bench.TokensAsync()).GetProperty("refresh_token").GetString()!;
        using var revocation = await bench.PostAsync("/realms/demo/oauth2/revoke", bench.Assertion(), null, ("token", revoked));
        using var afterwards = await bench.RefreshAsync(revoked);
        await TokenEndpointTests.AssertRefusedAsync(afterwards, 400, "invalid_grant");

        var step = settings.RefreshIdleLifetime - TimeSpan.FromMinutes(1);
        var age = TimeSpan.Zero;
        for (; age + step < settings.RefreshAbsoluteLifetime; age += step)
        {
            bench.Clock.Advance(step);
            using var refreshed = await bench.RefreshAsync(used);
            Assert.True(refreshed.IsSuccessStatusCode, await refreshed.Content.ReadAsStringAsync());
        }

        using var idle = await bench.RefreshAsync(unused);
        await TokenEndpointTests.AssertRefusedAsync(idle, 400, "invalid_grant");
        bench.Clock.Advance(settings.RefreshAbsoluteLifetime - age);
        using var atLast = await bench.RefreshAsync(used);
        await TokenEndpointTests.AssertRefusedAsync(atLast, 400, "invalid_grant");
    }
}
