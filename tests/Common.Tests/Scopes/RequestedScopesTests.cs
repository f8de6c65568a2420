using System.Net;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Scopes;
using Pltfrms.Iam.Errors.V1;
using static Common.Tests.Realms.RealmParts;
using static Common.Tests.Scopes.ScopeScenario;

namespace Common.Tests.Scopes;

public sealed class RequestedScopesTests
{
    public static TheoryData<string, ScopePolicy[], string[], string[]> Policies => new()
    {
        { "unlisted, empty", [], [], ["invoices.read", "invoices.create"] },
        { "unlisted, asked", [], ["invoices.create"], ["invoices.create"] },
        { "empty allowed, empty", [Policy(ScopePolicyMode.EmptyAllowed)], [], [] },
        { "empty allowed, asked", [Policy(ScopePolicyMode.EmptyAllowed)], ["invoices.read"], ["invoices.read"] },
        { "overwritten, empty", [Policy(ScopePolicyMode.EmptyOverwritten, "invoices.create")], [], ["invoices.create"] },
        { "overwritten, asked", [Policy(ScopePolicyMode.EmptyOverwritten, "invoices.create")], ["invoices.read"], ["invoices.read"] },
        { "always, asked", [Policy(ScopePolicyMode.AlwaysOverwrite, "invoices.create")], ["invoices.read"], ["invoices.create"] },
        { "always, registered", [Policy(ScopePolicyMode.AlwaysOverwrite)], ["payments.refund"], ["invoices.read", "invoices.create"] },
        { "defaults are filtered too", [Policy(ScopePolicyMode.AlwaysOverwrite, "payments.refund")], [], [] },
        { "mandatory, asked", [Policy(ScopePolicyMode.Mandatory)], ["invoices.read"], ["invoices.read"] },
        {
            "own entry before the general one",
            [Policy(ScopePolicyMode.EmptyAllowed) with { GrantType = "" }, Policy(ScopePolicyMode.EmptyOverwritten, "invoices.read")],
            [], ["invoices.read"]
        },
        { "general entry", [Policy(ScopePolicyMode.EmptyAllowed) with { GrantType = "" }], [], [] },
        { "another grant's entry", [Policy(ScopePolicyMode.EmptyAllowed) with { GrantType = "refresh_token" }], [], ["invoices.read", "invoices.create"] },
    };

    [Theory]
    [MemberData(nameof(Policies))]
    public void The_policy_of_the_grant_type_says_what_a_request_means(
        string description, ScopePolicy[] policies, string[] asked, string[] expected)
    {
        var realm = Snapshot(new ScopePipeline { ScopePolicies = [.. policies] }, Vocabulary);

        Assert.NotEmpty(description);
        Assert.Equal(expected, Filter(realm, Machine("invoices.read", "invoices.create"), asked));
    }

    [Fact]
    public void An_empty_request_is_refused_where_scopes_are_mandatory()
    {
        var realm = Snapshot(new ScopePipeline { ScopePolicies = [Policy(ScopePolicyMode.Mandatory)] }, Vocabulary);

        var refusal = Assert.Throws<IamException>(() => Filter(realm, Machine("invoices.read"), []));

        Assert.Equal(ErrorReason.InvalidScope, refusal.Reason);
    }

    [Fact]
    public void Repetitions_are_removed_and_the_order_is_kept() =>
        Assert.Equal(
            ["invoices.create", "invoices.read"],
            Filter(Snapshot(Vocabulary), Machine(All), ["invoices.create", "invoices.read", "invoices.create"]));

    public static TheoryData<string, Client, UnregisteredScopes, string[]> Registrations => new()
    {
        { "registered for one", Client("c", "invoices.read"), UnregisteredScopes.Any, ["invoices.read"] },
        { "registered for none, realm allows none", Client("c"), UnregisteredScopes.None, [] },
        { "registered for none, realm allows any", Client("c"), UnregisteredScopes.Any, ["invoices.read", "payments.refund"] },
        {
            "registered dynamically for none, realm allows any",
            Client("c") with { DynamicallyRegistered = true }, UnregisteredScopes.Any, []
        },
        {
            "registered dynamically for one",
            Client("c", "payments.refund") with { DynamicallyRegistered = true }, UnregisteredScopes.Any, ["payments.refund"]
        },
        { "registered for what is no scope", Client("c", "planets.destroy"), UnregisteredScopes.None, [] },
        { "registered for a bundle with it", Client("c", "bookkeeping"), UnregisteredScopes.None, [] },
        { "registered in another case", Client("c", "Invoices.Read"), UnregisteredScopes.None, [] },
    };

    [Theory]
    [MemberData(nameof(Registrations))]
    public void Only_registered_scopes_of_the_realm_pass(string description, Client client, UnregisteredScopes unregistered, string[] expected)
    {
        var realm = Snapshot(new ScopePipeline { UnregisteredScopes = unregistered }, Vocabulary);

        Assert.NotEmpty(description);
        Assert.Equal(expected, Filter(realm, Machine() with { Client = client }, ["invoices.read", "payments.refund", "planets.destroy"]));
    }

    public static TheoryData<string, ScopeRequest, string[]> RoleDecisions => new()
    {
        { "in the organization", ForUser("alice", "acme"), ["invoices.read", "invoices.create", "bookkeeping"] },
        { "below it", ForUser("alice", "acme-retail"), ["invoices.read", "invoices.create", "bookkeeping"] },
        { "in another", ForUser("alice", "globex"), [] },
        { "without one", ForUser("alice", null), [] },
        { "a realm role without an organization", ForUser("bob", null), ["invoices.read", "bookkeeping"] },
        { "a realm role in an organization", ForUser("bob", "globex"), ["invoices.read", "bookkeeping"] },
        { "claims of the login do not count", ForUser("carol", "acme") with { LoginRoleIds = ["accountant"] }, [] },
    };

    [Theory]
    [MemberData(nameof(RoleDecisions))]
    public void A_user_is_offered_what_the_roles_allow(string description, ScopeRequest request, string[] expected)
    {
        var realm = Snapshot(new ScopePipeline { Conditions = [RoleCondition(RoleSource.Bindings)] }, Vocabulary);

        Assert.NotEmpty(description);
        Assert.Equal(expected, Filter(realm, request, [.. All, "bookkeeping", "nothing"]));
    }

    [Fact]
    public void Roles_of_the_login_count_where_the_condition_says_so()
    {
        var realm = Snapshot(new ScopePipeline { Conditions = [RoleCondition(RoleSource.LoginClaims)] }, Vocabulary);

        Assert.Equal(["invoices.read", "invoices.create"], Filter(realm, ForUser("carol", null) with { LoginRoleIds = ["accountant", "ghost"] }, All));
        Assert.Equal([], Filter(realm, ForUser("alice", "acme"), All));
    }

    [Theory]
    [InlineData(RoleSource.Bindings)]
    [InlineData(RoleSource.LoginClaims)]
    public void Where_roles_are_listed_only_these_count_with_what_they_include(RoleSource source)
    {
        var condition = RoleCondition(source);
        var realm = Snapshot(new ScopePipeline { Conditions = [condition with { Role = condition.Role! with { RoleIds = ["viewer"] } }] }, Vocabulary);

        Assert.Equal(["invoices.read"], Filter(realm, ForUser("alice", "acme") with { LoginRoleIds = ["accountant"] }, All));
    }

    public static TheoryData<string, FlowCondition, bool> Flows => new()
    {
        { "nothing asked", new(), true },
        { "grant type", new() { GrantTypes = ["client_credentials", "refresh_token"] }, true },
        { "other grant type", new() { GrantTypes = ["authorization_code"] }, false },
        { "client type", new() { ClientTypes = [ClientType.Service] }, true },
        { "other client type", new() { ClientTypes = [ClientType.Web, ClientType.Public] }, false },
        { "acr", new() { AcrValues = ["silver"] }, true },
        { "other acr", new() { AcrValues = ["gold"] }, false },
        { "one of the amr", new() { AmrValues = ["otp", "hwk"] }, true },
        { "none of the amr", new() { AmrValues = ["hwk"] }, false },
        { "network", new() { SourceNetworks = ["10.0.0.0/8"] }, true },
        { "other network", new() { SourceNetworks = ["11.0.0.0/8"] }, false },
        { "organization", new() { OrganizationIds = ["acme"] }, true },
        { "organization above", new() { OrganizationIds = ["globex"] }, false },
        { "one of two", new() { GrantTypes = ["client_credentials"], OrganizationIds = ["globex"] }, false },
    };

    [Theory]
    [MemberData(nameof(Flows))]
    public void A_flow_condition_is_met_where_all_it_asks_for_is_there(string description, FlowCondition flow, bool isMet)
    {
        var realm = Snapshot(new ScopePipeline { Conditions = [new() { Name = "flow", Flow = flow }] }, Vocabulary);
        var request = Machine("invoices.read") with
        {
            OrganizationId = "acme",
            Acr = "silver",
            Amr = ["pwd", "otp"],
            SourceAddress = IPAddress.Parse("::ffff:10.1.1.1"),
        };

        Assert.NotEmpty(description);
        Assert.Equal(isMet ? ["invoices.read"] : [], Filter(realm, request, ["invoices.read"]));
    }

    [Fact]
    public void A_flow_condition_about_unknown_facts_is_not_met()
    {
        FlowCondition[] conditions =
        [
            new() { AcrValues = ["silver"] }, new() { AmrValues = ["otp"] }, new() { SourceNetworks = ["0.0.0.0/0"] }, new() { OrganizationIds = ["acme"] },
        ];

        Assert.All(conditions, flow => Assert.Equal(
            [],
            Filter(Snapshot(new ScopePipeline { Conditions = [new() { Name = "flow", Flow = flow }] }, Vocabulary), Machine("invoices.read"), ["invoices.read"])));
    }

    [Theory]
    [InlineData("invoices.*", true)]
    [InlineData("*.read", true)]
    [InlineData("*", true)]
    [InlineData("in*s*.r**d", true)]
    [InlineData("invoices.read", true)]
    [InlineData("invoices.read*", true)]
    [InlineData("invoices", false)]
    [InlineData("nvoices.*", false)]
    [InlineData("*.rea", false)]
    [InlineData("invoices?read", false)]
    [InlineData("", false)]
    public void A_condition_speaks_of_scopes_by_name_or_pattern(string pattern, bool isMet)
    {
        var realm = Snapshot(new ScopePipeline { Conditions = [new() { Name = "flow", Scopes = [pattern], Flow = new() }] }, Vocabulary);

        Assert.Equal(isMet ? ["invoices.read"] : [], Filter(realm, Machine("invoices.read"), ["invoices.read"]));
    }

    [Fact]
    public void A_pattern_of_many_stars_is_decided_quickly()
    {
        var pattern = string.Concat(Enumerable.Repeat("*a", 200)) + "b";
        var scope = new string('a', 5_000);
        var realm = Snapshot(new ScopePipeline { Conditions = [new() { Name = "flow", Scopes = [pattern], Flow = new() }] }, Bundle(scope));

        Assert.Equal([], Filter(realm, Machine(scope), [scope]));
    }
}
