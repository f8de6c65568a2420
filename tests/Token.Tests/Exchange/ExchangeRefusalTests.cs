using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Exchange;
using Token.Tests.Hosting;

namespace Token.Tests.Exchange;

/// <summary>What an exchange never gives.</summary>
public sealed class ExchangeRefusalTests(ExchangeBench bench) : IClassFixture<ExchangeBench>, IAsyncLifetime
{
    private const string Type = ExchangeBench.AccessTokenType;

    public Task InitializeAsync() => bench.SetAsync(new TokenExchangeRule { Name = "anything" });

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Without_a_rule_nothing_is_exchanged()
    {
        await bench.SetAsync();

        Assert.Equal("unsupported_grant_type", await bench.RefusalAsync("service-a", await AliceAsync()));
    }

    public static TheoryData<string, TokenExchangeRule> OtherRules => new()
    {
        { "other subjects", new() { Name = "r", SubjectTypes = [MemberType.Client] } },
        { "other clients' tokens", new() { Name = "r", SubjectClientIds = ["demo-spa"] } },
        { "other actors", new() { Name = "r", ActorClientIds = ["service-b"] } },
        { "other organizations", new() { Name = "r", OrganizationIds = ["globex"] } },
        { "only those below", new() { Name = "r", OrganizationIds = ["acme-retail"] } },
    };

    [Theory]
    [MemberData(nameof(OtherRules))]
    public async Task A_rule_for_others_is_none(string what, TokenExchangeRule rule)
    {
        await bench.SetAsync(rule);

        Assert.True(await bench.RefusalAsync("service-a", await AliceAsync()) == "invalid_request", what);
    }

    [Fact]
    public async Task The_first_rule_that_fits_decides()
    {
        await bench.SetAsync(
            new TokenExchangeRule { Name = "b", ActorClientIds = ["service-b"] },
            new TokenExchangeRule { Name = "narrow", Scopes = ["invoices.re*"] },
            new TokenExchangeRule { Name = "wide" });

        var answer = await bench.TryAsync("service-a", await AliceAsync("invoices.read", "invoices.create"));

        Assert.Equal("invoices.read", answer.GetProperty("scope").GetString());
    }

    [Fact]
    public async Task A_rule_with_organizations_wants_one()
    {
        await bench.SetAsync(new TokenExchangeRule { Name = "acme", OrganizationIds = ["acme"] });
        var unbound = await bench.UserTokenAsync("carol", null, "invoices.read");

        Assert.Equal("invalid_request", await bench.RefusalAsync("service-a", unbound));
        var claims = await bench.IntrospectAsync(await bench.ExchangeAsync("service-a", unbound, ("organization", "acme-retail")));
        Assert.Equal("acme-retail", claims.GetProperty("organization_id").GetString());
    }

    [Fact]
    public async Task Scopes_never_grow()
    {
        var token = await AliceAsync("invoices.read");

        Assert.Equal("invalid_scope", await bench.RefusalAsync("service-a", token, ("scope", "invoices.create")));
        Assert.Equal("invalid_scope", await bench.RefusalAsync("service-a", token, ("scope", "invoices.read bookkeeping")));
        Assert.Equal("invalid_scope", await bench.RefusalAsync("service-a", token, ("scope", "no.such")));
    }

    [Fact]
    public async Task A_part_of_a_bundle_is_less()
    {
        await bench.SetAsync(
            new TokenExchangeSettings { Rules = [new() { Name = "anything" }] },
            ExchangeBench.Machine("service-a") with { Scopes = ["invoices.read"] });

        var answer = await bench.TryAsync("service-a", await AliceAsync("bookkeeping"), ("scope", "invoices.read"));

        Assert.Equal("invoices.read", answer.GetProperty("scope").GetString());
    }

    [Fact]
    public async Task A_realm_that_overwrites_scopes_does_not_widen_a_token()
    {
        await bench.SetAsync(
            new TokenExchangeSettings { Rules = [new() { Name = "anything" }] },
            new Realm
            {
                RealmId = TestRealm.Id,
                TokenExchange = new() { Rules = [new() { Name = "anything" }] },
                ScopePipeline = new()
                {
                    ScopePolicies = [new() { GrantType = "", Mode = ScopePolicyMode.AlwaysOverwrite, DefaultScopes = ["invoices.read", "invoices.create"] }],
                },
            });

        var answer = await bench.TryAsync("service-a", await AliceAsync("invoices.read"));

        Assert.Equal("invoices.read", answer.GetProperty("scope").GetString());
    }

    [Fact]
    public async Task A_client_gets_only_what_it_is_registered_for()
    {
        await bench.SetAsync(
            new TokenExchangeSettings { Rules = [new() { Name = "anything" }] },
            ExchangeBench.Machine("service-a") with { Scopes = ["files.read"] });

        Assert.Equal("invalid_scope", await bench.RefusalAsync("service-a", await AliceAsync("invoices.read")));
    }

    [Fact]
    public async Task Audiences_are_those_of_the_scopes_and_of_the_rule()
    {
        var token = await AliceAsync("invoices.read", "files.read");
        Assert.Equal("invalid_target", await bench.RefusalAsync("service-a", await AliceAsync("invoices.read"), ("audience", TestRealm.Files)));
        Assert.Equal("invalid_target", await bench.RefusalAsync("service-a", token, ("audience", "https://nobody.example")));

        var narrowed = await bench.IntrospectAsync(await bench.ExchangeAsync("service-a", token, ("resource", TestRealm.Files)));
        Assert.Equal((TestRealm.Files, "files.read"), (narrowed.GetProperty("aud").GetString(), narrowed.GetProperty("scope").GetString()));

        await bench.SetAsync(new TokenExchangeRule { Name = "files", Audiences = [TestRealm.Files] });
        Assert.Equal("invalid_request", await bench.RefusalAsync("service-a", token, ("audience", TestRealm.Api)));
        Assert.Equal("files.read", (await bench.TryAsync("service-a", token)).GetProperty("scope").GetString());
    }

    [Theory]
    [InlineData("globex")]
    [InlineData("acme")]
    public async Task A_token_of_an_organization_does_not_leave_it(string organizationId)
    {
        var token = await bench.UserTokenAsync("alice", "acme-retail", "invoices.read");

        Assert.Equal("invalid_request", await bench.RefusalAsync("service-a", token, ("organization", organizationId)));
    }

    [Fact]
    public async Task Nothing_lasts_longer_than_what_it_comes_from()
    {
        var token = await AliceAsync();
        bench.Clock.Advance(TimeSpan.FromMinutes(4));

        var answer = await bench.TryAsync("service-a", token);

        Assert.InRange(answer.GetProperty("expires_in").GetInt64(), 59, 60);
        var (before, after) = (await bench.IntrospectAsync(token), await bench.IntrospectAsync(answer.GetProperty("access_token").GetString()!));
        Assert.Equal(before.GetProperty("exp").GetInt64(), after.GetProperty("exp").GetInt64());
    }

    [Fact]
    public async Task A_rule_may_say_shorter()
    {
        await bench.SetAsync(new TokenExchangeRule { Name = "short", MaxLifetime = TimeSpan.FromSeconds(20) });

        Assert.Equal(20, (await bench.TryAsync("service-a", await AliceAsync())).GetProperty("expires_in").GetInt64());
    }

    [Fact]
    public async Task Chains_are_as_long_as_the_realm_says()
    {
        await bench.SetAsync(new TokenExchangeSettings { MaxActors = 2, Rules = [new() { Name = "anything" }] });

        var first = await bench.ExchangeAsync("service-a", await AliceAsync());

        Assert.Equal("invalid_request", await bench.RefusalAsync("service-b", first));
    }

    [Fact]
    public async Task Chains_do_not_loop()
    {
        var second = await bench.ExchangeAsync("service-b", await bench.ExchangeAsync("service-a", await AliceAsync()));

        Assert.Equal("invalid_request", await bench.RefusalAsync("service-a", second));
    }

    [Fact]
    public async Task Tokens_that_are_not_good_are_not_exchanged()
    {
        var expired = await AliceAsync();
        bench.Clock.Advance(TimeSpan.FromMinutes(5));
        var foreign = await bench.Service.IssueAsync("other", "demo-service", TestRealm.ServiceSecret);
        var token = await AliceAsync();

        foreach (var bad in new[] { expired, foreign, "garbage", token[..^4] + "AAAA", token[..token.LastIndexOf('.')] + ".", new string('a', 9_000) })
        {
            Assert.Equal("invalid_request", await bench.RefusalAsync("service-a", bad));
        }
    }

    [Fact]
    public async Task What_is_no_access_token_is_not_exchanged()
    {
        var token = await AliceAsync();

        Assert.Equal("invalid_request", await bench.RefusalAsync("service-a", token, ("subject_token_type", "urn:ietf:params:oauth:token-type:id_token")));
        Assert.Equal("invalid_request", await bench.RefusalAsync("service-a", token, ("subject_token_type", "")));
        Assert.Equal("invalid_request", await bench.RefusalAsync("service-a", "", ("scope", "invoices.read")));
        Assert.Equal("invalid_request", await bench.RefusalAsync("service-a", token, ("requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token")));
        Assert.Equal("invalid_request", await bench.RefusalAsync("service-a", token, ("actor_token", token)));
        Assert.Equal("invalid_request", await bench.RefusalAsync("service-a", token, ("actor_token_type", Type)));
    }

    [Fact]
    public async Task Nobody_acts_with_a_token_of_somebody_else()
    {
        var token = await AliceAsync();
        var others = await bench.Service.IssueAsync(TestRealm.Id, "service-b", TestRealm.ServiceSecret, ("scope", "invoices.read"));
        var delegated = await bench.ExchangeAsync("service-a", token);

        Assert.Equal("invalid_request", await bench.RefusalAsync("service-a", token, ("actor_token", others), ("actor_token_type", Type)));
        Assert.Equal("invalid_request", await bench.RefusalAsync("service-a", token, ("actor_token", delegated), ("actor_token_type", Type)));
    }

    [Fact]
    public async Task Only_clients_that_may_exchange_do()
    {
        Assert.Equal("unauthorized_client", await bench.RefusalAsync("demo-service", await AliceAsync()));

        await bench.SetAsync(
            new TokenExchangeSettings { Rules = [new() { Name = "anything" }] },
            TestRealm.Client(TestRealm.Id, "demo-spa", ["invoices.read"]) with { GrantTypes = [TokenExchangeGrant.Name] });
        using var response = await bench.Service.PostAsync(
            $"/realms/{TestRealm.Id}/oauth2/token",
            null,
            ("grant_type", TokenExchangeGrant.Name),
            ("client_id", "demo-spa"),
            ("subject_token", await AliceAsync()),
            ("subject_token_type", Type));
        Assert.Equal("unauthorized_client", (await TokenReplica.JsonAsync(response)).GetProperty("error").GetString());
    }

    [Fact]
    public async Task Who_gets_opaque_tokens_gets_them_here_too()
    {
        await bench.SetAsync(
            new TokenExchangeSettings { Rules = [new() { Name = "anything" }] },
            ExchangeBench.Machine("service-a") with { AccessTokenFormat = AccessTokenFormat.Opaque });

        var opaque = await bench.ExchangeAsync("service-a", await AliceAsync());

        Assert.Equal(43, opaque.Length);
        Assert.Equal("service-a", (await bench.IntrospectAsync(opaque)).GetProperty("act").GetProperty("sub").GetString());
        var next = await bench.ExchangeAsync("service-b", opaque);
        Assert.True(await bench.IsActiveAsync(next));
        await bench.Service.Tokens.RevokeTokenAsync(new() { RealmId = TestRealm.Id, Token = opaque }, TokenReplica.Operator);
        Assert.False(await bench.IsActiveAsync(next));
    }

    private Task<string> AliceAsync(params string[] scopes) => bench.UserTokenAsync("alice", "acme", scopes.Length > 0 ? scopes : ["invoices.read"]);
}
