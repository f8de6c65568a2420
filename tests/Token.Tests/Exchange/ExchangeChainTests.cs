using Pltfrms.Iam.Common.Realms.Model;
using Token.Tests.Hosting;
using Wire = Pltfrms.Iam.Token.V1;

namespace Token.Tests.Exchange;

/// <summary>Several services act for a user, one through the other.</summary>
public sealed class ExchangeChainTests(ExchangeBench bench) : IClassFixture<ExchangeBench>, IAsyncLifetime
{
    public Task InitializeAsync() => bench.SetAsync(new TokenExchangeRule { Name = "anything" });

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Each_hop_names_everybody_before_it_and_is_good_for_less()
    {
        var user = await bench.UserTokenAsync("alice", "acme", "invoices.read", "invoices.create");
        var first = await bench.ExchangeAsync("service-a", user, ("scope", "invoices.read invoices.create"));
        var second = await bench.ExchangeAsync("service-b", first, ("scope", "invoices.read"), ("organization", "acme-retail"));

        var claims = await bench.IntrospectAsync(second);
        Assert.Equal("alice", claims.GetProperty("sub").GetString());
        Assert.Equal("service-b", claims.GetProperty("client_id").GetString());
        Assert.Equal("invoices.read", claims.GetProperty("scope").GetString());
        Assert.Equal("acme-retail", claims.GetProperty("organization_id").GetString());
        Assert.Equal(
            """{"sub":"service-b","sub_type":"client","act":{"sub":"service-a","sub_type":"client","act":{"sub":"demo-web","sub_type":"client"}}}""",
            claims.GetProperty("act").GetRawText());

        var introspected = await bench.Service.Tokens.IntrospectTokenAsync(new() { RealmId = TestRealm.Id, Token = second }, TokenReplica.Operator);
        Assert.Equal(["service-b", "service-a", "demo-web"], introspected.Actors.Select(actor => actor.Subject));
        Assert.All(introspected.Actors, actor => Assert.Equal(Wire.SubjectType.Client, actor.SubjectType));
        Assert.Equal(Wire.DecisionReason.Allowed, await CheckAsync(second, "invoices.read", "acme-retail"));
        Assert.Equal(Wire.DecisionReason.ScopeNotGranted, await CheckAsync(second, "invoices.create", "acme-retail"));
        Assert.Equal(Wire.DecisionReason.OrganizationMismatch, await CheckAsync(second, "invoices.read", "acme"));
    }

    [Fact]
    public async Task It_ends_with_the_key_that_signed_the_token_which_it_was_made_from()
    {
        await bench.UserTokenAsync("alice", "acme", "invoices.read");
        // So that the next key has been announced for long enough to sign what is exchanged.
        bench.Clock.Advance(TimeSpan.FromMinutes(6));
        var keys = (await bench.Service.Keys.ListKeysAsync(new() { RealmId = TestRealm.Id }, TokenReplica.Operator)).Keys;
        var signing = keys.Single(key => key.Stage == Wire.KeyStage.Signing).KeyId;
        var user = await bench.UserTokenAsync("alice", "acme", "invoices.read");
        await bench.Service.Keys.RotateKeyAsync(new() { RealmId = TestRealm.Id, KeyId = signing }, TokenReplica.Operator);
        var exchanged = await bench.ExchangeAsync("service-a", user);
        var again = await bench.ExchangeAsync("service-b", exchanged);
        var unrelated = await bench.ExchangeAsync("service-a", await bench.UserTokenAsync("alice", "acme", "invoices.read"));
        Assert.True((await bench.IntrospectAsync(again)).GetProperty("active").GetBoolean());

        await bench.Service.Keys.RevokeKeyAsync(new() { RealmId = TestRealm.Id, KeyId = signing }, TokenReplica.Operator);

        foreach (var token in new[] { user, exchanged, again })
        {
            Assert.False((await bench.IntrospectAsync(token)).GetProperty("active").GetBoolean());
        }

        Assert.True((await bench.IntrospectAsync(unrelated)).GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task The_answer_is_that_of_the_rfc()
    {
        var answer = await bench.TryAsync("service-a", await bench.UserTokenAsync("alice", "acme", "invoices.read"));

        Assert.Equal(ExchangeBench.AccessTokenType, answer.GetProperty("issued_token_type").GetString());
        Assert.Equal("Bearer", answer.GetProperty("token_type").GetString());
        Assert.Equal("invoices.read", answer.GetProperty("scope").GetString());
        Assert.False(answer.TryGetProperty("refresh_token", out _));
    }

    [Fact]
    public async Task The_same_over_grpc()
    {
        var issued = await bench.Service.Tokens.IssueTokenAsync(new()
        {
            RealmId = TestRealm.Id,
            ClientId = "service-a",
            ClientSecret = TestRealm.ServiceSecret,
            TokenExchange = new() { SubjectToken = await bench.UserTokenAsync("alice", "acme", "invoices.read"), OrganizationId = "acme-retail" },
        });

        Assert.Equal(["invoices.read"], issued.Scopes);
        Assert.Equal("acme-retail", issued.OrganizationId);
        Assert.Equal("alice", (await bench.IntrospectAsync(issued.AccessToken)).GetProperty("sub").GetString());
    }

    [Fact]
    public async Task Whatever_is_revoked_takes_everything_below_it_and_nothing_above()
    {
        var user = await bench.UserTokenAsync("alice", "acme", "invoices.read");
        var first = await bench.ExchangeAsync("service-a", user);
        var second = await bench.ExchangeAsync("service-b", first);
        var other = await bench.ExchangeAsync("service-b", user);

        await RevokeAsync(first);

        Assert.False(await bench.IsActiveAsync(first));
        Assert.False(await bench.IsActiveAsync(second));
        Assert.Equal(Wire.DecisionReason.TokenInactive, await CheckAsync(second, "invoices.read", "acme"));
        Assert.True(await bench.IsActiveAsync(user));
        Assert.True(await bench.IsActiveAsync(other));
        Assert.Equal("invalid_request", await bench.RefusalAsync("service-c", second));
    }

    [Fact]
    public async Task The_chain_ends_when_the_token_of_the_actor_does()
    {
        var actor = await bench.Service.IssueAsync(TestRealm.Id, "service-a", TestRealm.ServiceSecret, ("scope", "invoices.read"));
        var delegated = await bench.ExchangeAsync(
            "service-a",
            await bench.UserTokenAsync("alice", "acme", "invoices.read"),
            ("actor_token", actor),
            ("actor_token_type", ExchangeBench.AccessTokenType));
        Assert.True(await bench.IsActiveAsync(delegated));

        await RevokeAsync(actor);

        Assert.False(await bench.IsActiveAsync(delegated));
    }

    [Theory]
    [InlineData("service-a")]
    [InlineData("demo-web")]
    public async Task A_disabled_client_anywhere_in_the_chain_ends_it(string disabled)
    {
        var second = await bench.ExchangeAsync(
            "service-b", await bench.ExchangeAsync("service-a", await bench.UserTokenAsync("alice", "acme", "invoices.read")));
        Assert.True(await bench.IsActiveAsync(second));

        var client = disabled == "demo-web" ? ExchangeBench.Web : ExchangeBench.Machine(disabled);
        await bench.SetAsync(new TokenExchangeSettings { Rules = [new() { Name = "anything" }] }, client with { Disabled = true });

        Assert.False(await bench.IsActiveAsync(second));
    }

    [Fact]
    public async Task A_user_who_is_disabled_ends_it_too()
    {
        var first = await bench.ExchangeAsync("service-a", await bench.UserTokenAsync("alice", "acme", "invoices.read"));

        await bench.SetAsync(
            new TokenExchangeSettings { Rules = [new() { Name = "anything" }] },
            new User { RealmId = TestRealm.Id, UserId = "alice", Disabled = true });

        Assert.False(await bench.IsActiveAsync(first));
    }

    [Fact]
    public async Task Who_acts_may_do_no_more_than_it_is_registered_for_from_the_moment_that_it_is_not()
    {
        var second = await bench.ExchangeAsync(
            "service-b", await bench.ExchangeAsync("service-a", await bench.UserTokenAsync("alice", "acme", "invoices.read", "invoices.create")));
        Assert.Equal(Wire.DecisionReason.Allowed, await CheckAsync(second, "invoices.create", "acme"));

        await bench.SetAsync(
            new TokenExchangeSettings { Rules = [new() { Name = "anything" }] },
            ExchangeBench.Machine("service-a") with { Scopes = ["invoices.read"] });

        Assert.Equal(Wire.DecisionReason.Allowed, await CheckAsync(second, "invoices.read", "acme"));
        var decision = await AskAsync(second, "invoices.create", "acme");
        Assert.Equal(Wire.DecisionReason.ActorNotAllowed, decision.Reason);
        Assert.False(decision.Allowed);
        Assert.Equal("The client service-a, who acts for alice, may not use invoices.create.", decision.Trace.Steps[^1]);
        var listed = await bench.Service.Permissions.ListPermissionsAsync(
            new() { RealmId = TestRealm.Id, AccessToken = second, OrganizationId = "acme" }, TokenReplica.Operator);
        Assert.Equal(["invoices.read"], listed.Permissions);
    }

    [Fact]
    public async Task A_user_who_acts_for_another_may_do_no_more_than_both()
    {
        var carol = await bench.UserTokenAsync("carol", "acme", "invoices.read", "invoices.create");
        var bob = await bench.UserTokenAsync("bob", null, "invoices.read", "invoices.create");

        var delegated = await bench.ExchangeAsync("demo-web", carol, ("actor_token", bob), ("actor_token_type", ExchangeBench.AccessTokenType), ("organization", "acme"));

        var act = (await bench.IntrospectAsync(delegated)).GetProperty("act");
        Assert.Equal(("bob", "user"), (act.GetProperty("sub").GetString(), act.GetProperty("sub_type").GetString()));
        Assert.Equal(Wire.DecisionReason.ActorNotAllowed, await CheckAsync(delegated, "invoices.create", "acme"));
    }

    [Fact]
    public async Task A_client_that_narrows_its_own_token_acts_no_more_than_before()
    {
        var own = await bench.Service.IssueAsync(TestRealm.Id, "service-a", TestRealm.ServiceSecret, ("scope", "invoices.read invoices.create"));

        var narrowed = await bench.ExchangeAsync("service-a", own, ("scope", "invoices.read"));

        var claims = await bench.IntrospectAsync(narrowed);
        Assert.Equal("invoices.read", claims.GetProperty("scope").GetString());
        Assert.False(claims.TryGetProperty("act", out _));
        await RevokeAsync(own);
        Assert.False(await bench.IsActiveAsync(narrowed));
    }

    private async Task RevokeAsync(string token) =>
        await bench.Service.Tokens.RevokeTokenAsync(new() { RealmId = TestRealm.Id, Token = token }, TokenReplica.Operator);

    private async Task<Wire.DecisionReason> CheckAsync(string token, string permission, string organizationId) =>
        (await AskAsync(token, permission, organizationId)).Reason;

    private async Task<Wire.CheckPermissionResponse> AskAsync(string token, string permission, string organizationId) =>
        await bench.Service.Permissions.CheckPermissionAsync(
            new() { RealmId = TestRealm.Id, AccessToken = token, Permission = permission, OrganizationId = organizationId, IncludeTrace = true },
            TokenReplica.Operator);
}
