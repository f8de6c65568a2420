using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Exchange;
using Token.Tests.Hosting;

namespace Token.Tests.Exchange;

/// <summary>Who tries to act by a delegation and must not, and chains that go too far.</summary>
public sealed class DelegationAttackTests(ExchangeBench bench) : IClassFixture<ExchangeBench>
{
    private readonly DelegationBench _delegations = new(bench);

    private DelegationRecord Carols => _delegations.Carols;

    [Fact]
    public async Task A_delegation_is_its_delegates_only_and_nobody_learns_that_it_is_there()
    {
        await _delegations.SetAsync(Carols, Carols with { DelegationId = "bobs", DelegateType = MemberType.User, DelegateId = "bob" });
        var unknown = await _delegations.TryAsync("service-b", "nothing");
        Assert.Equal("invalid_request", unknown.GetProperty("error").GetString());

        Assert.Equal(unknown.GetRawText(), (await _delegations.TryAsync("service-b", "carols")).GetRawText());
        Assert.Equal(unknown.GetRawText(), (await _delegations.TryAsync("service-b", "bobs")).GetRawText());
        Assert.Equal("invalid_request", await _delegations.RefusalAsync("demo-web", "bobs", await _delegations.ActingAsync("alice")));
        Assert.Equal("invalid_request", await _delegations.RefusalAsync("demo-web", "carols", await _delegations.ActingAsync("bob")));
        // A token of Bob's that somebody else has is nobody's proof.
        Assert.Equal("invalid_request", await _delegations.RefusalAsync("service-b", "bobs", await _delegations.ActingAsync("bob")));
        Assert.Equal("invalid_client", await _delegations.RefusalAsync("service-x", "carols"));
    }

    [Fact]
    public async Task A_client_of_a_users_name_is_not_the_user_nor_the_other_way_around()
    {
        await _delegations.SetAsync(
            Carols with { DelegationId = "to-user", DelegateType = MemberType.User, DelegateId = "service-a" },
            Carols with { DelegationId = "to-client", DelegateId = "bob" },
            new User { RealmId = TestRealm.Id, UserId = "service-a" },
            ExchangeBench.Machine("bob"));

        Assert.Equal("invalid_request", await _delegations.RefusalAsync("service-a", "to-user"));
        Assert.Equal("invalid_request", await _delegations.RefusalAsync("demo-web", "to-client", await _delegations.ActingAsync("bob")));
    }

    [Fact]
    public async Task A_delegation_of_another_realm_is_none()
    {
        await _delegations.SetAsync();
        var resources = TestRealm.Resources("other").Select(resource => resource is Realm realm ? realm with { TokenExchange = DelegationBench.Rules } : resource);
        bench.Realms.Set("other", [.. resources, Carols with { RealmId = "other" }]);

        Assert.Equal("invalid_request", await _delegations.RefusalAsync("service-a", "carols"));
    }

    [Fact]
    public async Task Without_a_rule_for_delegations_nobody_acts_by_one()
    {
        await bench.SetAsync(new TokenExchangeSettings { Rules = [new() { Name = "tokens" }] }, Carols);
        Assert.Equal("invalid_request", await _delegations.RefusalAsync("service-a", "carols"));

        await bench.SetAsync(Only(new() { Name = "d", Source = TokenExchangeSource.Delegation, ActorClientIds = ["service-b"] }), Carols);
        Assert.Equal("invalid_request", await _delegations.RefusalAsync("service-a", "carols"));

        await bench.SetAsync(Only(new() { Name = "d", Source = TokenExchangeSource.Delegation, OrganizationIds = ["acme"], Scopes = ["*.read"] }), Carols);
        Assert.Equal("invalid_request", await _delegations.RefusalAsync("service-a", "carols"));
        Assert.Equal("invalid_request", await _delegations.RefusalAsync("service-a", "carols", ("organization", "globex")));
        Assert.Equal(
            "invoices.read", (await _delegations.TryAsync("service-a", "carols", ("organization", "acme"))).GetProperty("scope").GetString());
        // And a rule for delegations is none for tokens.
        Assert.Equal(
            "invalid_request", await bench.RefusalAsync("service-a", await bench.UserTokenAsync("alice", "acme", "invoices.read")));
    }

    [Fact]
    public async Task An_id_passes_for_no_token_and_a_token_for_no_id()
    {
        await _delegations.SetAsync(Carols);

        Assert.Equal("invalid_request", await bench.RefusalAsync("service-a", "carols"));
        Assert.Equal("invalid_request", await _delegations.RefusalAsync("service-a", await bench.UserTokenAsync("carol", null, "invoices.read")));
        Assert.Equal("invalid_request", await _delegations.RefusalAsync("service-a", ""));
        Assert.Equal("invalid_request", await _delegations.RefusalAsync("service-a", new string('x', 20_000)));
        Assert.Equal(
            "invalid_request",
            await bench.RefusalAsync("service-a", await bench.UserTokenAsync("carol", null, "invoices.read"), ("actor_token", "carols"), ("actor_token_type", TokenTypes.Delegation)));
    }

    [Fact]
    public async Task More_than_the_delegation_lets_is_refused()
    {
        await _delegations.SetAsync(Carols with { OrganizationId = "acme" });

        Assert.Equal("invalid_scope", await _delegations.RefusalAsync("service-a", "carols", ("scope", "invoices.approve")));
        Assert.Equal("invalid_scope", await _delegations.RefusalAsync("service-a", "carols", ("scope", "invoices.read files.read")));
        Assert.Equal("invalid_request", await _delegations.RefusalAsync("service-a", "carols", ("organization", "globex")));
        Assert.Equal("invalid_target", await _delegations.RefusalAsync("service-a", "carols", ("audience", TestRealm.Files)));

        // What the client is not registered for, nobody can let it do.
        await _delegations.SetAsync(Carols with { Scopes = ["invoices.approve"] });
        Assert.Equal("invalid_scope", await _delegations.RefusalAsync("service-a", "carols"));
    }

    [Fact]
    public async Task A_chain_ends_where_the_delegation_says_and_never_loops()
    {
        await _delegations.SetAsync(Carols with { MaxDepth = 1 });
        var a = await _delegations.UseAsync("service-a", "carols");
        var b = await bench.ExchangeAsync("service-b", a);

        Assert.Equal("invalid_request", await bench.RefusalAsync("service-c", b));
        Assert.Equal("invalid_request", await bench.RefusalAsync("service-a", b));
        // The last one may still take less for itself.
        var less = await bench.ExchangeAsync("service-b", b, ("scope", "invoices.read"));
        Assert.Equal(2, Depth((await bench.IntrospectAsync(less)).GetProperty("act").GetRawText()));

        await _delegations.SetAsync(Carols);
        Assert.Equal("invalid_request", await bench.RefusalAsync("service-b", await _delegations.UseAsync("service-a", "carols")));
    }

    [Fact]
    public async Task The_realms_limit_holds_for_deep_delegations_too()
    {
        await bench.SetAsync(DelegationBench.Rules with { MaxActors = 2 }, Carols with { MaxDepth = DelegationRecord.LargestDepth });
        var second = await bench.ExchangeAsync("service-b", await _delegations.UseAsync("service-a", "carols"));

        Assert.Equal("invalid_request", await bench.RefusalAsync("service-c", second));
    }

    [Fact]
    public async Task Two_who_let_each_other_act_get_nowhere_further_than_each_other()
    {
        DelegationRecord To(string id, string delegatorId, string delegateId) => Carols with
        {
            DelegationId = id,
            DelegatorId = delegatorId,
            DelegateType = MemberType.User,
            DelegateId = delegateId,
            MaxDepth = 9,
        };
        await _delegations.SetAsync(To("a-to-b", "alice", "bob"), To("b-to-c", "bob", "carol"), To("b-to-a", "bob", "alice"));
        var bobForAlice = await _delegations.UseAsync("demo-web", "a-to-b", await _delegations.ActingAsync("bob"));

        // Alice for Bob for Alice.
        Assert.Equal("invalid_request", await bench.RefusalAsync("demo-web", bobForAlice, await _delegations.ActingAsync("alice")));
        // Who may act for Bob may not act for those for whom Bob acts.
        (string, string)[] asBob = [("actor_token", bobForAlice), ("actor_token_type", ExchangeBench.AccessTokenType)];
        Assert.Equal("invalid_request", await _delegations.RefusalAsync("demo-web", "b-to-c", asBob));
        Assert.Equal("invalid_request", await _delegations.RefusalAsync("demo-web", "a-to-b", asBob));
    }

    [Fact]
    public async Task A_token_from_a_delegation_impersonates_nobody()
    {
        await bench.SetAsync(
            DelegationBench.Rules with { Rules = [new() { Name = "as", Mode = TokenExchangeMode.Impersonation }, .. DelegationBench.Rules.Rules] },
            Carols with { MaxDepth = 9 });

        Assert.Equal("invalid_request", await bench.RefusalAsync("service-b", await _delegations.UseAsync("service-a", "carols")));
    }

    private static TokenExchangeSettings Only(TokenExchangeRule rule) => new() { Rules = [rule] };

    private static int Depth(string act) => act.Split("\"sub\"").Length - 1;
}
