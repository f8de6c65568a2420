using System.Text.Json.Nodes;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Token.Tests.Hosting;
using Wire = Pltfrms.Iam.Token.V1;

namespace Token.Tests.Assertions;

/// <summary>What claims stand for: scopes and roles as a ceiling, and roles that are given where the issuer is registered to assert them.</summary>
public sealed class AssertionRoleTests(SqliteTokenDatabase database) : IClassFixture<SqliteTokenDatabase>, IAsyncLifetime
{
    private static readonly AssertionRule Clerks = Rule("clerks", "groups", "clerk", "viewer");
    private static readonly AssertionRule Bookkeepers = Rule("bookkeepers", "groups", "bookkeeper", "accountant") with { Scopes = ["bookkeeping"] };
    private static readonly AssertionRule Filers = new() { Name = "filers", Claims = [new() { Claim = "filer", Values = ["true"] }], Scopes = ["files.read"] };

    private AssertionBench _bench = null!;

    public async Task InitializeAsync()
    {
        _bench = await AssertionBench.StartAsync(database);
        await _bench.SetAsync(AssertionBench.Registered with { Rules = [Clerks, Bookkeepers, Filers] });
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Rules_that_hold_add_up_and_where_none_does_nothing_is_given()
    {
        var both = await _bench.TryAsync(Signed(("groups", new JsonArray("bookkeeper", "else")), ("filer", true)));

        Assert.Equal("bookkeeping", both.GetProperty("scope").GetString());
        Assert.Equal("files.read", (await _bench.TryAsync(Signed(("filer", true)))).GetProperty("scope").GetString());
        Assert.Equal("invalid_grant", await _bench.RefusalAsync(_bench.Good()));
        Assert.Equal("invalid_grant", await _bench.RefusalAsync(Signed(("groups", "Clerk"))));
        Assert.Equal("invalid_grant", await _bench.RefusalAsync(Signed(("groups", new JsonObject { ["clerk"] = true }), ("filer", "yes"))));
        Assert.Equal("invalid_scope", await _bench.RefusalAsync(Signed(("filer", true)), ("scope", "invoices.read")));
    }

    [Fact]
    public async Task All_conditions_of_a_rule_must_hold()
    {
        var both = Clerks with { Claims = [.. Clerks.Claims, new() { Claim = "scope", Values = ["a"] }] };
        await _bench.SetAsync(AssertionBench.Registered with { Rules = [both] });

        Assert.Equal("invalid_grant", await _bench.RefusalAsync(Signed(("groups", "clerk"))));
        Assert.Equal("invalid_grant", await _bench.RefusalAsync(Signed(("groups", "clerk"), ("scope", "ab c"))));
        await _bench.IssueAsync(Signed(("groups", "clerk"), ("scope", "b a")));
    }

    [Fact]
    public async Task Mapped_roles_are_a_ceiling_below_what_the_realm_binds()
    {
        // Carol approves in the realm; Alice is an accountant in acme and nowhere else.
        var carol = await _bench.IssueAsync(Signed(("groups", "clerk")));
        var alice = await _bench.IssueAsync(Signed("sub-alice", ("groups", "bookkeeper")));

        Assert.Equal((true, Wire.DecisionReason.Allowed), await CheckAsync(carol, "invoices.read"));
        Assert.Equal((false, Wire.DecisionReason.PermissionNotAssigned), await CheckAsync(carol, "invoices.create"));
        Assert.Equal((false, Wire.DecisionReason.PermissionNotAssigned), await CheckAsync(alice, "invoices.create"));
        Assert.Equal((true, Wire.DecisionReason.Allowed), await CheckAsync(alice, "invoices.create", "acme"));
        Assert.Equal(["invoices.read"], await ListAsync(carol));
        Assert.Equal(["invoices.create", "invoices.read"], await ListAsync(alice, "acme"));
    }

    [Fact]
    public async Task Asserted_roles_are_given_for_as_long_as_the_token_lasts_where_it_is_tied_to()
    {
        await _bench.SetAsync(AssertionBench.Registered with { Rules = [Bookkeepers], AssertsRoles = true });

        var token = await _bench.IssueAsync(Signed("sub-alice", ("groups", "bookkeeper")), ("organization", "globex"));
        var trace = await AskAsync(token, "invoices.create", "globex");
        var claims = (await _bench.IntrospectAsync(token)).GetProperty("assertion");

        Assert.Equal((true, Wire.DecisionReason.Allowed), (trace.Allowed, trace.Reason));
        Assert.Contains("The issuer partner asserts role accountant, which has invoices.create.", trace.Trace.Steps);
        Assert.Equal((false, Wire.DecisionReason.OrganizationMismatch), await CheckAsync(token, "invoices.create", "acme"));
        Assert.Equal((false, Wire.DecisionReason.ScopeNotGranted), await CheckAsync(token, "invoices.approve", "globex"));
        Assert.Equal(["invoices.create", "invoices.read"], await ListAsync(token, "globex"));
        Assert.Equal(("""["accountant"]""", true), (claims.GetProperty("role_ids").GetRawText(), claims.GetProperty("asserts_roles").GetBoolean()));
    }

    [Fact]
    public async Task Asserted_roles_lead_to_scopes_where_the_realm_counts_what_logins_claim()
    {
        await SetConditionsAsync(RoleSource.LoginClaims);
        await _bench.SetAsync(AssertionBench.Registered with { Rules = [Bookkeepers], AssertsRoles = true });
        var asserted = await _bench.TryAsync(Signed("sub-alice", ("groups", "bookkeeper")), ("organization", "globex"));

        await _bench.SetAsync(AssertionBench.Registered with { Rules = [Bookkeepers] });
        var mapped = await _bench.RefusalAsync(Signed("sub-alice", ("groups", "bookkeeper")), ("organization", "globex"));

        Assert.Equal("bookkeeping", asserted.GetProperty("scope").GetString());
        Assert.Equal("invalid_scope", mapped);
    }

    [Fact]
    public async Task Nobody_outside_gives_what_administers_the_realm()
    {
        var administrators = Rule("admins", "groups", "admin", IamPermissions.AdministratorRole, "viewer");
        var issuer = AssertionBench.Registered with { Scopes = [IamPermissions.RealmsWrite, "invoices.read"], Rules = [administrators], AssertsRoles = true };
        await _bench.SetAsync(issuer);
        await _bench.ChangeAsync("demo", TestRealm.Binding("demo", "b-carol-admin", MemberType.User, "carol", IamPermissions.AdministratorRole, null));

        var answer = await _bench.TryAsync(Signed(("groups", "admin")));

        Assert.Equal("invoices.read", answer.GetProperty("scope").GetString());
        Assert.Equal("invalid_scope", await _bench.RefusalAsync(Signed(("groups", "admin")), ("scope", IamPermissions.RealmsWrite)));
    }

    [Fact]
    public async Task An_exchange_carries_the_ceiling_on_and_ends_with_the_issuer()
    {
        await _bench.SetAsync(realm => realm with { TokenExchange = new() { Rules = [new() { Name = "anything" }] } });
        await _bench.ChangeAsync("demo", AssertionBench.Client("stranger"));
        var token = await _bench.IssueAsync(Signed(("groups", "clerk")), ("scope", "bookkeeping"));

        var exchanged = await ExchangeAsync("stranger", token, ("scope", "invoices.read"));
        var refused = await TryExchangeAsync("stranger", token, ("scope", "invoices.create"));
        var own = await _bench.Flow.One.IssueAsync("demo", "stranger", TestRealm.ServiceSecret, ("scope", "invoices.read"));
        var asActor = await TryExchangeAsync(AssertionBench.Presenter, own, ("actor_token", token), ("actor_token_type", "urn:ietf:params:oauth:token-type:access_token"));

        Assert.Equal("invalid_scope", refused);
        Assert.Equal("invalid_request", asActor);
        Assert.Equal((true, Wire.DecisionReason.Allowed), await CheckAsync(exchanged, "invoices.read"));
        Assert.Equal("partner", (await _bench.IntrospectAsync(exchanged)).GetProperty("assertion").GetProperty("name").GetString());
        await _bench.SetAsync(AssertionBench.Registered with { Disabled = true });
        Assert.False(await _bench.IsActiveAsync(exchanged));
    }

    private static AssertionRule Rule(string name, string claim, string value, params string[] roleIds) =>
        new() { Name = name, Claims = [new() { Claim = claim, Values = [value] }], RoleIds = [.. roleIds] };

    private string Signed(params (string Name, JsonNode Value)[] claims) => Signed("sub-carol", claims);

    private string Signed(string subject, params (string Name, JsonNode Value)[] claims)
    {
        var all = _bench.Claims(subject);
        foreach (var (name, value) in claims)
        {
            all[name] = value;
        }

        return AssertionBench.Key.Sign([], all);
    }

    private Task SetConditionsAsync(params RoleSource[] sources) => _bench.SetAsync(realm => realm with
    {
        ScopePipeline = new() { Conditions = [new() { Name = "roles", Scopes = ["*"], Role = new() { Sources = [.. sources] } }] },
    });

    private async Task<(bool Allowed, Wire.DecisionReason Reason)> CheckAsync(string token, string permission, string organizationId = "")
    {
        var answer = await AskAsync(token, permission, organizationId);
        return (answer.Allowed, answer.Reason);
    }

    private async Task<Wire.CheckPermissionResponse> AskAsync(string token, string permission, string organizationId) =>
        await _bench.Flow.Two.Permissions.CheckPermissionAsync(
            new() { RealmId = "demo", AccessToken = token, Permission = permission, OrganizationId = organizationId, IncludeTrace = true }, TokenReplica.Operator);

    private async Task<string[]> ListAsync(string token, string organizationId = "") =>
        [.. (await _bench.Flow.Two.Permissions.ListPermissionsAsync(new() { RealmId = "demo", AccessToken = token, OrganizationId = organizationId }, TokenReplica.Operator)).Permissions];

    private async Task<string> ExchangeAsync(string clientId, string token, params (string Name, string Value)[] parameters)
    {
        var answer = await AssertionBench.ExchangeAsync(_bench.Flow.One, clientId, token, parameters);
        Assert.True(answer.TryGetProperty("access_token", out var exchanged), answer.GetRawText());
        return exchanged.GetString()!;
    }

    private async Task<string> TryExchangeAsync(string clientId, string token, params (string Name, string Value)[] parameters) =>
        AssertionBench.ErrorOf(await AssertionBench.ExchangeAsync(_bench.Flow.One, clientId, token, parameters));
}
