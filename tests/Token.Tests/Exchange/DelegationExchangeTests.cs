using Pltfrms.Iam.Common.Realms.Model;
using Token.Tests.Hosting;
using Wire = Pltfrms.Iam.Token.V1;

namespace Token.Tests.Exchange;

/// <summary>What a delegation gives, and when it ends.</summary>
public sealed class DelegationExchangeTests(ExchangeBench bench) : IClassFixture<ExchangeBench>
{
    private static readonly string[] Services = ["service-a", "service-b", "service-c"];

    private readonly DelegationBench _delegations = new(bench);

    private DelegationRecord Carols => _delegations.Carols;

    [Fact]
    public async Task A_client_acts_for_who_let_it_and_the_token_says_so()
    {
        await _delegations.SetAsync(Carols with { OrganizationId = "acme" });

        var token = await _delegations.UseAsync("service-a", "carols", ("scope", "invoices.read"), ("organization", "acme-retail"));

        var claims = await bench.IntrospectAsync(token);
        Assert.Equal(
            ("carol", "user", "service-a", "invoices.read", "acme-retail", "carols"),
            (Text("sub"), Text("sub_type"), Text("client_id"), Text("scope"), Text("organization_id"), Text("delegation_id")));
        Assert.Equal("""{"sub":"service-a","sub_type":"client"}""", claims.GetProperty("act").GetRawText());
        Assert.False(claims.TryGetProperty("parent_jtis", out _) || claims.TryGetProperty("grant_id", out _));
        Assert.Equal(Wire.DecisionReason.Allowed, await _delegations.CheckAsync(token, "invoices.read", "acme-retail"));
        Assert.Equal(Wire.DecisionReason.ScopeNotGranted, await _delegations.CheckAsync(token, "invoices.create", "acme-retail"));
        Assert.Equal(Wire.DecisionReason.OrganizationMismatch, await _delegations.CheckAsync(token, "invoices.read", "acme"));

        string? Text(string name) => claims.GetProperty(name).GetString();
    }

    [Fact]
    public async Task The_same_over_grpc()
    {
        await _delegations.SetAsync(Carols);
        var request = new Wire.IssueTokenRequest
        {
            RealmId = TestRealm.Id,
            ClientId = "service-a",
            ClientSecret = TestRealm.ServiceSecret,
            TokenExchange = new() { DelegationId = "carols" },
        };

        var issued = await bench.Service.Tokens.IssueTokenAsync(request);

        var found = await bench.Service.Tokens.IntrospectTokenAsync(new() { RealmId = TestRealm.Id, Token = issued.AccessToken }, TokenReplica.Operator);
        Assert.Equal(("carol", "carols", "service-a"), (found.UserId, found.DelegationId, Assert.Single(found.Actors).Subject));
        Assert.Equal(["invoices.create", "invoices.read"], found.Scopes.Order());
    }

    [Fact]
    public async Task Whoever_acts_does_no_more_than_the_delegator_may_now()
    {
        // Bob reads in globex, and lets service-a do what he may not do himself.
        await _delegations.SetAsync(Carols with { DelegatorId = "bob" });
        var token = await _delegations.UseAsync("service-a", "carols");
        Assert.Equal(Wire.DecisionReason.Allowed, await _delegations.CheckAsync(token, "invoices.read", "globex"));
        Assert.Equal(Wire.DecisionReason.PermissionNotAssigned, await _delegations.CheckAsync(token, "invoices.create", "globex"));

        await _delegations.SetAsync(
            Carols with { DelegatorId = "bob" }, TestRealm.Binding(TestRealm.Id, "b-bob", MemberType.User, "alice", "viewer", "globex"));

        Assert.Equal(Wire.DecisionReason.PermissionNotAssigned, await _delegations.CheckAsync(token, "invoices.read", "globex"));
    }

    [Fact]
    public async Task A_user_acts_through_a_client_for_another_in_what_the_delegation_lets_and_not_alone()
    {
        await _delegations.SetAsync(Carols with { DelegateType = MemberType.User, DelegateId = "bob", MaxDepth = 1 });
        Assert.Equal("invalid_request", await _delegations.RefusalAsync("demo-web", "carols"));

        var token = await _delegations.UseAsync("demo-web", "carols", await _delegations.ActingAsync("bob"));

        var claims = await bench.IntrospectAsync(token);
        Assert.Equal(("carol", "demo-web"), (claims.GetProperty("sub").GetString(), claims.GetProperty("client_id").GetString()));
        Assert.Equal("""{"sub":"bob","sub_type":"user"}""", claims.GetProperty("act").GetRawText());
        // Bob may not create invoices himself.
        Assert.Equal(Wire.DecisionReason.Allowed, await _delegations.CheckAsync(token, "invoices.create", "acme"));
        Assert.Equal(Wire.DecisionReason.ScopeNotGranted, await _delegations.CheckAsync(token, "invoices.approve", "acme"));

        var next = await bench.ExchangeAsync("service-b", token);
        Assert.Equal(
            """{"sub":"service-b","sub_type":"client","act":{"sub":"demo-web","sub_type":"client","act":{"sub":"bob","sub_type":"user"}}}""",
            (await bench.IntrospectAsync(next)).GetProperty("act").GetRawText());
        Assert.Equal("invalid_request", await bench.RefusalAsync("service-c", next));
    }

    [Fact]
    public async Task It_ends_with_the_delegation_at_the_latest()
    {
        var end = bench.Clock.GetUtcNow() + TimeSpan.FromSeconds(90.5);
        await _delegations.SetAsync(Carols with { ExpiresAt = end });
        var token = await _delegations.UseAsync("service-a", "carols");
        Assert.Equal(end.ToUnixTimeSeconds(), (await bench.IntrospectAsync(token)).GetProperty("exp").GetInt64());

        bench.Clock.Advance(TimeSpan.FromSeconds(91));

        Assert.False(await bench.IsActiveAsync(token));
        Assert.Equal("invalid_request", await _delegations.RefusalAsync("service-a", "carols"));
    }

    public static TheoryData<string> Ends => [.. Endings.Keys];

    private static readonly Dictionary<string, Func<DelegationRecord, IRealmResource[]>> Endings = new()
    {
        ["deleted"] = _ => [],
        ["expired"] = d => [d with { ExpiresAt = d.CreatedAt }],
        ["fewer scopes"] = d => [d with { Scopes = ["invoices.create"] }],
        ["another organization"] = d => [d with { OrganizationId = "globex" }],
        ["below its organization"] = d => [d with { OrganizationId = "acme-retail" }],
        ["for somebody else"] = d => [d with { DelegatorId = "alice" }],
        ["to another client"] = d => [d with { DelegateId = "service-c" }],
        ["to a user of the same name"] = d => [d with { DelegateType = MemberType.User }, new User { RealmId = TestRealm.Id, UserId = "service-a" }],
        ["made again later"] = d => [d with { CreatedAt = d.CreatedAt.AddHours(1) }],
        ["the delegator disabled"] = d => [d, new User { RealmId = TestRealm.Id, UserId = "carol", Disabled = true }],
        ["the delegate disabled"] = d => [d, ExchangeBench.Machine("service-a") with { Disabled = true }],
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task With_the_delegation_ends_everything_that_comes_of_it(string how)
    {
        var delegation = Carols with { OrganizationId = "acme", MaxDepth = 1 };
        await _delegations.SetAsync(delegation);
        var first = await _delegations.UseAsync("service-a", "carols", ("scope", "invoices.read"));
        var second = await bench.ExchangeAsync("service-b", first);
        Assert.True(await bench.IsActiveAsync(second));

        await _delegations.SetAsync(Endings[how](delegation));

        foreach (var token in new[] { first, second })
        {
            Assert.False(await bench.IsActiveAsync(token), how);
            Assert.Equal(Wire.DecisionReason.TokenInactive, await _delegations.CheckAsync(token, "invoices.read", "acme"));
        }

        Assert.Equal("invalid_request", await bench.RefusalAsync("service-c", second));
    }

    [Fact]
    public async Task A_shallower_delegation_ends_what_is_deeper_and_nothing_else()
    {
        await _delegations.SetAsync(Carols with { MaxDepth = 1 });
        var first = await _delegations.UseAsync("service-a", "carols");
        var second = await bench.ExchangeAsync("service-b", first);

        await _delegations.SetAsync(Carols with { Reason = "less", Scopes = ["invoices.approve", .. Carols.Scopes] });

        Assert.True(await bench.IsActiveAsync(first));
        Assert.False(await bench.IsActiveAsync(second));
    }

    /// <summary>Whatever is asked for, what comes out is within every limit of the delegation; and what is within is not refused for the delegation's sake.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Nothing_that_comes_of_a_delegation_is_more_than_it_lets(int seed)
    {
        var random = new Random(seed);
        string[] scopes = ["invoices.read", "invoices.create", "files.read", "bookkeeping"];
        string?[] places = [null, "acme", "acme-retail", "globex"];
        for (var round = 0; round < 6; round++)
        {
            var delegation = Carols with
            {
                Scopes = [.. random.GetItems(scopes, 2).Distinct().Order(StringComparer.Ordinal)],
                OrganizationId = places[random.Next(places.Length)],
                ExpiresAt = random.Next(2) == 0 ? null : bench.Clock.GetUtcNow().AddMinutes(random.Next(1, 9)),
                MaxDepth = random.Next(3),
            };
            await _delegations.SetAsync(
                [delegation, .. Services.Select(service => ExchangeBench.Machine(service) with { Scopes = [.. scopes] })]);
            var asked = scopes[random.Next(scopes.Length)];
            var place = places[random.Next(places.Length)];
            (string Name, string Value)[] parameters = [("scope", asked), .. place is null ? [] : new[] { ("organization", place) }];

            var answer = await _delegations.TryAsync("service-a", "carols", parameters);

            var isCovered = delegation.Scopes.Contains(asked)
                || (delegation.Scopes.Contains("bookkeeping") && asked.StartsWith("invoices", StringComparison.Ordinal))
                || (asked == "bookkeeping" && delegation.Scopes.Contains("invoices.read") && delegation.Scopes.Contains("invoices.create"));
            var isThere = place is null || delegation.OrganizationId is null || place == delegation.OrganizationId
                || (place, delegation.OrganizationId) == ("acme-retail", "acme");
            Assert.Equal(isCovered && isThere, answer.TryGetProperty("access_token", out var token));
            if (isCovered && isThere)
            {
                var claims = await bench.IntrospectAsync(token.GetString()!);
                Assert.Equal(asked, claims.GetProperty("scope").GetString());
                Assert.Equal(place ?? delegation.OrganizationId, claims.TryGetProperty("organization_id", out var tied) ? tied.GetString() : null);
                Assert.True(delegation.ExpiresAt is null || claims.GetProperty("exp").GetInt64() <= delegation.ExpiresAt.Value.ToUnixTimeSeconds());
                Assert.Equal(delegation.MaxDepth, await DepthAsync(token.GetString()!));
            }
        }
    }

    /// <summary>How many services come to act one behind the other.</summary>
    private async Task<int> DepthAsync(string token)
    {
        foreach (var (next, depth) in new[] { ("service-b", 0), ("service-c", 1), ("demo-web", 2) })
        {
            var answer = await bench.TryAsync(next, token);
            if (!answer.TryGetProperty("access_token", out var exchanged))
            {
                return depth;
            }

            token = exchanged.GetString()!;
        }

        return 3;
    }
}
