using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Token.Tests.Hosting;

namespace Token.Tests.Exchange;

/// <summary>Tokens as if the subject itself acted (RFC 8693 section 1.1).</summary>
public sealed class ImpersonationTests(ExchangeBench bench) : IClassFixture<ExchangeBench>, IAsyncLifetime
{
    private const string Type = ExchangeBench.AccessTokenType;

    public Task InitializeAsync() => bench.SetAsync(new TokenExchangeRule { Name = "anything" });

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Impersonation_takes_its_own_permission()
    {
        await bench.SetAsync(new TokenExchangeRule { Name = "support", Mode = TokenExchangeMode.Impersonation });

        Assert.Equal("invalid_request", await bench.RefusalAsync("service-a", await AliceAsync()));
        Assert.DoesNotContain(bench.Audited, entry => entry.Rule == "support");
    }

    [Fact]
    public async Task Impersonation_is_written_down_or_does_not_happen()
    {
        await ImpersonatingAsync();
        bench.AuditIsDown = true;
        Assert.Equal("temporarily_unavailable", await bench.RefusalAsync("service-a", await AliceAsync()));
        bench.AuditIsDown = false;

        var impersonated = await bench.ExchangeAsync("service-a", await AliceAsync());

        Assert.False((await bench.IntrospectAsync(impersonated)).TryGetProperty("act", out _));
        Assert.Single(bench.Audited, ("service-a", "alice", "impersonate"));
    }

    [Fact]
    public async Task Impersonation_does_not_hide_who_acted_before()
    {
        var delegated = await bench.ExchangeAsync("service-b", await AliceAsync());
        await ImpersonatingAsync();

        Assert.Equal("invalid_request", await bench.RefusalAsync("service-a", delegated));
    }

    [Fact]
    public async Task What_an_actor_s_token_came_from_ends_the_chain_too()
    {
        await ImpersonatingAsync();
        var source = await bench.UserTokenAsync("carol", "acme", "invoices.read");
        var actor = await bench.ExchangeAsync("service-a", source);
        await bench.SetAsync(new TokenExchangeRule { Name = "anything" });
        var delegated = await bench.ExchangeAsync("service-a", await AliceAsync(), ("actor_token", actor), ("actor_token_type", Type));
        Assert.True(await bench.IsActiveAsync(delegated));

        await bench.Service.Tokens.RevokeTokenAsync(new() { RealmId = TestRealm.Id, Token = source }, TokenReplica.Operator);

        Assert.False(await bench.IsActiveAsync(delegated));
    }

    private Task ImpersonatingAsync() => bench.SetAsync(
        new TokenExchangeSettings { Rules = [new() { Name = "impersonate", Mode = TokenExchangeMode.Impersonation }] },
        new Role { RealmId = TestRealm.Id, RoleId = "support", Permissions = [IamPermissions.TokensImpersonate] },
        TestRealm.Binding(TestRealm.Id, "b-support", MemberType.Client, "service-a", "support", "acme"));

    private Task<string> AliceAsync() => bench.UserTokenAsync("alice", "acme", "invoices.read");
}
