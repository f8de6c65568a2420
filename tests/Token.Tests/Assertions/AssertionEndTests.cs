using Pltfrms.Iam.Common.Realms.Model;
using Token.Tests.Hosting;

namespace Token.Tests.Assertions;

/// <summary>A token ends with the word that it comes of: whatever a registration no longer says, no token goes on saying.</summary>
public sealed class AssertionEndTests(SqliteTokenDatabase database) : IClassFixture<SqliteTokenDatabase>, IAsyncLifetime
{
    private static readonly AssertionIssuer Registered = AssertionBench.Registered with
    {
        AssertsRoles = true,
        Rules = [new() { Name = "all", Claims = [new() { Claim = "iss", Values = [AssertionBench.Partner] }], RoleIds = ["viewer"] }],
    };

    private AssertionBench _bench = null!;

    public async Task InitializeAsync() => _bench = await AssertionBench.StartAsync(database);

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    public static TheoryData<string> Ends => [.. Changes.Keys];

    private static Dictionary<string, AssertionIssuer[]> Changes { get; } = new()
    {
        ["removed"] = [],
        ["disabled"] = [Registered with { Disabled = true }],
        ["renamed"] = [Registered with { Name = "another" }],
        ["of another issuer"] = [Registered with { Issuer = "https://else.example" }],
        ["a realm now"] = [AssertionBench.Trusted with { Name = "partner" }],
        ["for other clients"] = [Registered with { ClientIds = ["stranger"] }],
        ["for other scopes"] = [Registered with { Scopes = ["files.read"] }],
        ["for other organizations"] = [Registered with { OrganizationIds = ["globex"] }],
        ["not asserting roles"] = [Registered with { AssertsRoles = false }],
        ["with another rule"] = [Registered with { Rules = [Registered.Rules[0] with { RoleIds = ["approver", "viewer"] }] }],
        ["with a rule of other conditions"] = [Registered with { Rules = [Registered.Rules[0] with { Claims = [new() { Claim = "iss", Values = ["x"] }] }] }],
        ["without rules"] = [Registered with { Rules = [] }],
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task A_token_ends_when_its_issuer_is(string change)
    {
        await _bench.SetAsync(Registered);
        var token = await _bench.IssueAsync(_bench.Good(), ("scope", "invoices.read"), ("organization", "acme"));
        Assert.True(await _bench.IsActiveAsync(token));

        await _bench.SetAsync(Changes[change]);
        Assert.False(await _bench.IsActiveAsync(token));

        await _bench.SetAsync(Registered with { Scopes = [.. Registered.Scopes.Prepend("a")], ClientIds = [AssertionBench.Presenter], Jwks = null });
        Assert.True(await _bench.IsActiveAsync(token));
    }

    [Fact]
    public async Task A_token_ends_with_its_user_and_its_client()
    {
        await _bench.SetAsync(Registered);
        var token = await _bench.IssueAsync(_bench.Good(), ("scope", "invoices.read"));

        await _bench.ChangeAsync("demo", AssertionBench.Named("carol") with { Disabled = true });
        Assert.False(await _bench.IsActiveAsync(token));
        await _bench.ChangeAsync("demo", AssertionBench.Named("carol"));
        Assert.True(await _bench.IsActiveAsync(token));
        await _bench.ChangeAsync("demo", AssertionBench.Client(AssertionBench.Presenter) with { Disabled = true });
        Assert.False(await _bench.IsActiveAsync(token));
    }

    [Fact]
    public async Task An_opaque_token_ends_in_the_same_way()
    {
        await _bench.ChangeAsync("demo", AssertionBench.Client(AssertionBench.Presenter) with { AccessTokenFormat = AccessTokenFormat.Opaque });
        await _bench.SetAsync(Registered);
        var token = await _bench.IssueAsync(_bench.Good(), ("scope", "invoices.read"));
        Assert.True(await _bench.IsActiveAsync(token));

        await _bench.SetAsync(Registered with { Disabled = true });

        Assert.False(await _bench.IsActiveAsync(token));
    }
}
