using System.Net;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using static Common.Tests.Realms.RealmParts;

namespace Common.Tests.Permissions;

public sealed class PermissionEvaluatorTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DecisionFacts Facts = new(Now, IPAddress.Parse("10.1.2.3"), "silver");

    private static readonly IRealmResource[] Vocabulary =
    [
        Api("https://api.demo.example", "invoices.read", "invoices.create", "invoices.approve", "payments.refund"),
        Role("viewer", ["invoices.read"]), Role("accountant", ["invoices.create"], "viewer"), Role("approver", ["invoices.approve"], "accountant"),
        Organization("acme"), Organization("acme-retail", "acme"), Organization("globex"),
    ];

    private static readonly RealmSnapshot Demo = Snapshot(
    [
        .. Vocabulary, Group("accountants"), User("alice", "accountants"), User("bob"), User("carol"), Client("demo-service"), Client("alice"),
        BindGroup("accountants-acme", "accountants", "accountant", "acme"), BindUser("bob-globex", "bob", "viewer", "globex"),
        BindUser("carol-realm", "carol", "approver"), BindClient("demo-service-acme", "demo-service", "accountant", "acme"),
        BindUser("ghost-realm", "ghost", "approver"),
    ]);

    public static TheoryData<string, Principal, string?, string, AssignmentOutcome> Decisions => new()
    {
        { "in the organization of the binding", Principal.Client("demo-service"), "acme", "invoices.create", AssignmentOutcome.Assigned },
        { "below the organization of the binding", Principal.Client("demo-service"), "acme-retail", "invoices.create", AssignmentOutcome.Assigned },
        { "in another organization", Principal.Client("demo-service"), "globex", "invoices.create", AssignmentOutcome.NotAssigned },
        { "an organization's binding in the realm", Principal.Client("demo-service"), null, "invoices.create", AssignmentOutcome.NotAssigned },
        { "by an included role", Principal.Client("demo-service"), "acme", "invoices.read", AssignmentOutcome.Assigned },
        { "not of any role", Principal.Client("demo-service"), "acme", "payments.refund", AssignmentOutcome.NotAssigned },
        { "of a role that includes, not is included", Principal.Client("demo-service"), "acme", "invoices.approve", AssignmentOutcome.NotAssigned },
        { "by a group", Principal.User("alice"), "acme-retail", "invoices.create", AssignmentOutcome.Assigned },
        { "a client of the user's name", Principal.Client("alice"), "acme", "invoices.create", AssignmentOutcome.NotAssigned },
        { "a user of the client's name", Principal.User("demo-service"), "acme", "invoices.create", AssignmentOutcome.NotAssigned },
        { "a realm binding in the realm", Principal.User("carol"), null, "invoices.approve", AssignmentOutcome.Assigned },
        { "a realm binding in an organization", Principal.User("carol"), "acme-retail", "invoices.read", AssignmentOutcome.Assigned },
        { "a user who does not exist", Principal.User("ghost"), null, "invoices.read", AssignmentOutcome.NotAssigned },
        { "a permission that nobody declares", Principal.User("carol"), null, "planets.destroy", AssignmentOutcome.NotAssigned },
        { "above the organization of the binding", Principal.User("bob"), "ghost", "invoices.read", AssignmentOutcome.NotAssigned },
    };

    [Theory]
    [MemberData(nameof(Decisions))]
    public void A_permission_comes_by_bindings_in_the_context_or_above_it(
        string description, Principal principal, string? organizationId, string permission, AssignmentOutcome expected)
    {
        Assert.NotEmpty(description);
        Assert.Equal(expected, PermissionEvaluator.Evaluate(Demo, principal, organizationId, permission, Facts).Outcome);
        Assert.Equal(
            expected == AssignmentOutcome.Assigned,
            PermissionEvaluator.List(Demo, principal, organizationId, Facts).Contains(permission));
    }

    [Fact]
    public void The_answer_names_the_binding_the_groups_and_the_roles()
    {
        var realm = Snapshot(
        [
            .. Vocabulary, Group("team", "department"), Group("department", "company"), Group("company"), User("dora", "team"),
            BindGroup("company-acme", "company", "approver", "acme"),
        ]);

        var answer = PermissionEvaluator.Evaluate(realm, Principal.User("dora"), "acme-retail", "invoices.read", Facts);

        Assert.Equal("company-acme", answer.Binding?.RoleBindingId);
        Assert.Equal(["team", "department", "company"], answer.GroupIds);
        Assert.Equal(["approver", "accountant", "viewer"], answer.RoleIds);
    }

    [Fact]
    public void A_binding_without_conditions_is_named_before_a_shorter_one_with_them()
    {
        var realm = Snapshot(
        [
            .. Vocabulary, User("dora"), BindUser("a", "dora", "viewer") with { Conditions = new() { MinAcr = "bronze" } },
            BindUser("c", "dora", "approver"), BindUser("b", "dora", "approver"), BindUser("z", "dora", "accountant"),
        ]);

        var answer = PermissionEvaluator.Evaluate(realm, Principal.User("dora"), null, "invoices.read", Facts);

        Assert.Equal("z", answer.Binding?.RoleBindingId);
        Assert.Equal("b", PermissionEvaluator.Evaluate(realm, Principal.User("dora"), null, "invoices.approve", Facts).Binding?.RoleBindingId);
    }

    public static TheoryData<string, RoleBindingConditions, DecisionFacts, AssignmentOutcome> Conditions => new()
    {
        { "starts now", new() { StartsAt = Now }, Facts, AssignmentOutcome.Assigned },
        { "starts later", new() { StartsAt = Now.AddTicks(1) }, Facts, AssignmentOutcome.ConditionNotMet },
        { "ends later", new() { EndsAt = Now.AddTicks(1) }, Facts, AssignmentOutcome.Assigned },
        { "ends now", new() { EndsAt = Now }, Facts, AssignmentOutcome.ConditionNotMet },
        { "acr equal", new() { MinAcr = "silver" }, Facts, AssignmentOutcome.Assigned },
        { "acr stronger", new() { MinAcr = "bronze" }, Facts, AssignmentOutcome.Assigned },
        { "acr weaker", new() { MinAcr = "gold" }, Facts, AssignmentOutcome.ConditionNotMet },
        { "acr of no login", new() { MinAcr = "bronze" }, Facts with { Acr = null }, AssignmentOutcome.ConditionNotMet },
        { "acr unknown to the realm", new() { MinAcr = "bronze" }, Facts with { Acr = "platinum" }, AssignmentOutcome.ConditionNotMet },
        { "minimum unknown to the realm", new() { MinAcr = "platinum" }, Facts with { Acr = "platinum" }, AssignmentOutcome.ConditionNotMet },
        { "inside the network", new() { SourceNetworks = ["10.0.0.0/8"] }, Facts, AssignmentOutcome.Assigned },
        { "outside the network", new() { SourceNetworks = ["10.0.0.0/16"] }, Facts, AssignmentOutcome.ConditionNotMet },
        { "no address", new() { SourceNetworks = ["0.0.0.0/0"] }, Facts with { SourceAddress = null }, AssignmentOutcome.ConditionNotMet },
        { "one of two not met", new() { SourceNetworks = ["10.0.0.0/8"], MinAcr = "gold" }, Facts, AssignmentOutcome.ConditionNotMet },
    };

    [Theory]
    [MemberData(nameof(Conditions))]
    public void Every_condition_of_a_binding_must_be_met(
        string description, RoleBindingConditions conditions, DecisionFacts facts, AssignmentOutcome expected)
    {
        var realm = Snapshot([.. Vocabulary, User("dora"), BindUser("b", "dora", "viewer") with { Conditions = conditions }]);

        var answer = PermissionEvaluator.Evaluate(realm, Principal.User("dora"), "acme", "invoices.read", facts);

        Assert.NotEmpty(description);
        Assert.Equal(expected, answer.Outcome);
        Assert.Equal("b", answer.Binding?.RoleBindingId);
        Assert.Equal(expected == AssignmentOutcome.Assigned, PermissionEvaluator.List(realm, Principal.User("dora"), "acme", facts).Count == 1);
    }

    [Fact]
    public void An_expired_binding_gives_nothing_even_where_it_gave_something_before()
    {
        var realm = Snapshot([.. Vocabulary, User("dora"), BindUser("b", "dora", "viewer") with { ExpiresAt = Now.AddSeconds(1) }]);

        Assert.Equal(
            AssignmentOutcome.Assigned, PermissionEvaluator.Evaluate(realm, Principal.User("dora"), null, "invoices.read", Facts).Outcome);
        Assert.Equal(
            AssignmentOutcome.NotAssigned,
            PermissionEvaluator.Evaluate(realm, Principal.User("dora"), null, "invoices.read", Facts with { Now = Now.AddSeconds(1) }).Outcome);
    }

    [Fact]
    public void A_group_is_no_principal() => Assert.Throws<ArgumentOutOfRangeException>(
        () => PermissionEvaluator.Evaluate(Demo, new Principal(MemberType.Group, "accountants"), "acme", "invoices.read", Facts));

    [Fact]
    public void What_was_asked_before_is_answered_without_allocating()
    {
        var principal = Principal.User("alice");
        PermissionEvaluator.Evaluate(Demo, principal, "acme-retail", "invoices.read", Facts);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 100; i++)
        {
            PermissionEvaluator.Evaluate(Demo, principal, "acme-retail", "invoices.read", Facts);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void More_principals_than_are_remembered_get_right_answers_still()
    {
        var users = Enumerable.Range(0, 12_000).Select(i => User($"u{i}")).ToList();
        var realm = Snapshot([.. Vocabulary, .. users, .. users.Select(user => BindUser(user.UserId, user.UserId, "viewer"))]);

        foreach (var user in users.Concat(users.Take(10)))
        {
            var answer = PermissionEvaluator.Evaluate(realm, Principal.User(user.UserId), null, "invoices.read", Facts);
            Assert.Equal(user.UserId, answer.Binding?.RoleBindingId);
        }
    }
}
