using Pltfrms.Iam.Common.Realms.Model;
using Token.Tests.Hosting;

namespace Token.Tests.Exchange;

/// <summary>RFC 8693 section 4.4: a token that says who may come to act with it.</summary>
public sealed class MayActTests(ExchangeBench bench) : IClassFixture<ExchangeBench>
{
    private static readonly TokenExchangeSettings Anything = new() { Rules = [new() { Name = "anything" }] };

    [Fact]
    public async Task Only_who_is_named_comes_to_act()
    {
        await bench.SetAsync(Anything, ExchangeBench.Web with { MayActClientId = "service-a" });
        var token = await bench.UserTokenAsync("alice", "acme", "invoices.read");
        Assert.Equal("""{"sub":"service-a","sub_type":"client"}""", (await bench.IntrospectAsync(token)).GetProperty("may_act").GetRawText());

        Assert.Equal("invalid_request", await bench.RefusalAsync("service-b", token));
        var first = await bench.ExchangeAsync("service-a", token);

        // What service-a is registered for decides who comes next.
        Assert.False((await bench.IntrospectAsync(first)).TryGetProperty("may_act", out _));
        Assert.True(await bench.IsActiveAsync(await bench.ExchangeAsync("service-b", first)));
    }

    [Fact]
    public async Task An_actor_token_of_somebody_else_does_not_help()
    {
        await bench.SetAsync(Anything, ExchangeBench.Web with { MayActClientId = "service-a" });
        var token = await bench.UserTokenAsync("alice", "acme", "invoices.read");
        var own = await bench.Service.IssueAsync(TestRealm.Id, "service-b", TestRealm.ServiceSecret, ("scope", "invoices.read"));

        Assert.Equal(
            "invalid_request", await bench.RefusalAsync("service-b", token, ("actor_token", own), ("actor_token_type", ExchangeBench.AccessTokenType)));
        Assert.Equal(
            "invalid_request",
            await bench.RefusalAsync(
                "demo-web", token, ("actor_token", await bench.UserTokenAsync("carol", null, "invoices.read")), ("actor_token_type", ExchangeBench.AccessTokenType)));
    }

    [Fact]
    public async Task A_client_may_always_take_less_for_itself()
    {
        await bench.SetAsync(Anything, ExchangeBench.Web with { MayActClientId = "service-a" });

        var less = await bench.ExchangeAsync("demo-web", await bench.UserTokenAsync("alice", "acme", "invoices.read", "invoices.create"), ("scope", "invoices.read"));

        Assert.Equal("service-a", (await bench.IntrospectAsync(less)).GetProperty("may_act").GetProperty("sub").GetString());
        Assert.Equal("invalid_request", await bench.RefusalAsync("service-b", less));
    }

    [Fact]
    public async Task It_does_not_stand_in_for_a_rule()
    {
        await bench.SetAsync(
            new TokenExchangeSettings { Rules = [new() { Name = "b", ActorClientIds = ["service-b"] }] }, ExchangeBench.Web with { MayActClientId = "service-a" });

        Assert.Equal("invalid_request", await bench.RefusalAsync("service-a", await bench.UserTokenAsync("alice", "acme", "invoices.read")));
    }
}
