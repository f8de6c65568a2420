using System.Net;
using Pltfrms.Iam.Common.Decisions;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Token.Tests.Hosting;
using Token.Tests.Tokens;

namespace Token.Tests.Permissions;

public sealed class PermissionDecisionTests
{
    private static readonly RealmSnapshot Realm = TestRealm.Snapshot();

    public static TheoryData<string, string, string?, string?, DecisionReason> ByToken => new()
    {
        { "in the token's organization", "invoices.create", null, null, DecisionReason.Allowed },
        { "the same, named", "invoices.create", "acme", null, DecisionReason.Allowed },
        { "below it", "invoices.create", "acme-retail", null, DecisionReason.Allowed },
        { "through an included role", "invoices.read", "acme", null, DecisionReason.Allowed },
        { "for the declaring resource server", "invoices.read", null, TestRealm.Api, DecisionReason.Allowed },
        { "beside it", "invoices.create", "globex", null, DecisionReason.OrganizationMismatch },
        { "an organization that does not exist is not below it", "invoices.create", "initech", null, DecisionReason.OrganizationMismatch },
        { "a scope not granted", "payments.refund", "acme", null, DecisionReason.ScopeNotGranted },
        { "a permission nobody declares", "nothing.such", null, null, DecisionReason.UnknownPermission },
        { "asked by another resource server", "invoices.read", null, TestRealm.Files, DecisionReason.UnknownPermission },
        { "a resource server that the token is not for", "files.read", null, null, DecisionReason.AudienceMismatch },
        { "the suite's own", IamPermissions.RealmsWrite, null, null, DecisionReason.AudienceMismatch },
    };

    [Theory]
    [MemberData(nameof(ByToken))]
    public void Decides_for_a_token_tied_to_acme(string what, string permission, string? organizationId, string? audience, DecisionReason expected)
    {
        Assert.NotEmpty(what);

        Assert.Equal(expected, ForToken(Realm, TokenBench.Claims("demo"), permission, organizationId, audience).Reason);
    }

    [Fact]
    public void A_token_that_is_not_active_allows_nothing() =>
        Assert.Equal(DecisionReason.TokenInactive, ForToken(Realm, null, "invoices.read").Reason);

    [Fact]
    public void A_token_tied_to_no_organization_is_good_wherever_its_subject_has_a_role()
    {
        var token = TokenBench.Claims("demo") with { OrganizationId = null };

        Assert.Equal(DecisionReason.Allowed, ForToken(Realm, token, "invoices.create", "acme").Reason);
        Assert.Equal(DecisionReason.PermissionNotAssigned, ForToken(Realm, token, "invoices.create", "globex").Reason);
        Assert.Equal(DecisionReason.PermissionNotAssigned, ForToken(Realm, token, "invoices.create").Reason);
        Assert.Equal(DecisionReason.UnknownOrganization, ForToken(Realm, token, "invoices.create", "initech").Reason);
        Assert.Equal(DecisionReason.UnknownOrganization, ForToken(Realm, token, "invoices.create", "closed").Reason);
    }

    [Fact]
    public void Scopes_alone_give_nothing()
    {
        var token = TokenBench.Claims("demo") with { Subject = Principal.Client("demo-api"), ClientId = "demo-api" };

        Assert.Equal(DecisionReason.PermissionNotAssigned, ForToken(Realm, token, "invoices.read").Reason);
    }

    [Fact]
    public void A_user_and_a_client_of_one_id_are_two_principals()
    {
        var realm = TestRealm.Snapshot(new User { RealmId = "demo", UserId = "demo-service" });
        var token = TokenBench.Claims("demo") with { Subject = Principal.User("demo-service") };

        Assert.Equal(DecisionReason.PermissionNotAssigned, ForToken(realm, token, "invoices.read").Reason);
    }

    [Fact]
    public void Who_administers_one_organization_does_not_administer_the_realm()
    {
        var token = TokenBench.Claims("demo") with
        {
            Subject = Principal.Client("org-admin"),
            ClientId = "org-admin",
            Scopes = [IamPermissions.RealmsWrite],
            Audiences = [IamPermissions.Audience],
        };

        Assert.Equal(DecisionReason.OrganizationMismatch, ForToken(Realm, token, IamPermissions.RealmsWrite).Reason);
        Assert.Equal(DecisionReason.PermissionNotAssigned, ForToken(Realm, token with { OrganizationId = null }, IamPermissions.RealmsWrite).Reason);
        Assert.Equal(DecisionReason.Allowed, ForToken(Realm, token, IamPermissions.RealmsWrite, "acme").Reason);
    }

    public static TheoryData<string, string, string, string?, DecisionReason> ByPrincipal => new()
    {
        { "through a group", "user alice", "invoices.create", "acme", DecisionReason.Allowed },
        { "through a group, below", "user alice", "invoices.read", "acme-retail", DecisionReason.Allowed },
        { "in the realm the organization's role does not count", "user alice", "invoices.read", null, DecisionReason.PermissionNotAssigned },
        { "a role bound in the realm counts everywhere", "user carol", "invoices.approve", "globex", DecisionReason.Allowed },
        { "and in the realm itself", "user carol", "invoices.approve", null, DecisionReason.Allowed },
        { "directly", "user bob", "invoices.read", "globex", DecisionReason.Allowed },
        { "a role elsewhere", "user bob", "invoices.read", "acme", DecisionReason.PermissionNotAssigned },
        { "a permission of no role", "user carol", "payments.refund", null, DecisionReason.PermissionNotAssigned },
        { "a condition without its fact", "user alice", "invoices.approve", "globex", DecisionReason.ConditionNotMet },
        { "a client", "client demo-service", "invoices.create", "acme", DecisionReason.Allowed },
        { "nobody", "user nobody", "invoices.read", "acme", DecisionReason.UnknownPrincipal },
        { "a client is no user", "user demo-service", "invoices.read", "acme", DecisionReason.UnknownPrincipal },
        { "disabled user", "user dave", "invoices.read", null, DecisionReason.UnknownPrincipal },
        { "disabled client", "client disabled", "invoices.read", null, DecisionReason.UnknownPrincipal },
        { "unknown permission", "user carol", "nothing.such", null, DecisionReason.UnknownPermission },
        { "unknown organization", "user carol", "invoices.read", "initech", DecisionReason.UnknownOrganization },
        { "disabled organization", "user carol", "invoices.read", "closed", DecisionReason.UnknownOrganization },
    };

    [Theory]
    [MemberData(nameof(ByPrincipal))]
    public void Decides_for_a_principal(string what, string principal, string permission, string? organizationId, DecisionReason expected)
    {
        Assert.NotEmpty(what);
        var (type, id) = (principal.Split(' ')[0], principal.Split(' ')[1]);

        var decision = PermissionDecision.ForPrincipal(
            Realm, type == "user" ? Principal.User(id) : Principal.Client(id), Question(permission, organizationId, null), TestRealm.Epoch);

        Assert.Equal(expected, decision.Reason);
    }

    [Fact]
    public void A_condition_is_met_by_its_fact_and_a_tokens_acr_outweighs_the_requests()
    {
        var inside = Question("invoices.approve", "globex", null) with { Context = new() { OrganizationId = "globex", SourceAddress = IPAddress.Parse("10.1.2.3") } };
        var realm = TestRealm.Snapshot(TestRealm.Binding("demo", "b-high", MemberType.User, "bob", "approver", "globex")
            with
        { Conditions = new RoleBindingConditions { MinAcr = "high" } });
        var low = TokenBench.Claims("demo") with
        {
            Subject = Principal.User("bob"),
            OrganizationId = "globex",
            Scopes = ["invoices.approve"],
            Acr = "low",
        };
        var claimsHigh = Question("invoices.approve", null, null) with { Context = new() { Acr = "high" } };

        Assert.Equal(DecisionReason.Allowed, PermissionDecision.ForPrincipal(Realm, Principal.User("alice"), inside, TestRealm.Epoch).Reason);
        Assert.Equal(DecisionReason.ConditionNotMet, PermissionDecision.ForToken(realm, low, claimsHigh, senderFailure: null, TestRealm.Epoch).Reason);
        Assert.Equal(DecisionReason.Allowed, PermissionDecision.ForToken(realm, low with { Acr = "high" }, claimsHigh, senderFailure: null, TestRealm.Epoch).Reason);
    }

    [Fact]
    public void The_trace_names_scope_binding_groups_roles_and_organizations()
    {
        var token = TokenBench.Claims("demo") with { Subject = Principal.User("alice"), Scopes = ["bookkeeping"] };
        var question = Question("invoices.read", "acme-retail", null) with { IncludeTrace = true };

        var trace = PermissionDecision.ForToken(Realm, token, question, senderFailure: null, TestRealm.Epoch).Trace!;

        Assert.Equal(("bookkeeping", "b-accountants", "acme", "acme-retail"), (trace.Scope, trace.RoleBindingId, trace.BindingOrganizationId, trace.OrganizationId));
        Assert.Equal(["accountants"], trace.GroupIds);
        Assert.Equal(["accountant", "viewer"], trace.RoleIds);
        Assert.Equal(
            [
                "The access token 0198c0ffee of client demo-service is active; its subject is the user alice.",
                "The resource server https://api.demo.example declares invoices.read.",
                "Decided in organization acme-retail.",
                "The scope bookkeeping covers invoices.read.",
                "The user alice is a member of group accountants.",
                "The role binding b-accountants gives role accountant to group accountants in organization acme.",
                "Role accountant includes role viewer.",
                "Role viewer has invoices.read.",
            ],
            trace.Steps);
    }

    [Fact]
    public void The_trace_of_a_denial_goes_as_far_as_the_evaluation()
    {
        var question = Question("payments.refund", null, null) with { IncludeTrace = true };

        var trace = PermissionDecision.ForToken(Realm, TokenBench.Claims("demo"), question, senderFailure: null, TestRealm.Epoch).Trace!;

        Assert.Equal("None of the token's scopes (invoices.read invoices.create) covers payments.refund.", trace.Steps[^1]);
        Assert.Null(trace.RoleBindingId);
    }

    private static Decision ForToken(RealmSnapshot realm, AccessToken? token, string permission, string? organizationId = null, string? audience = null) =>
        PermissionDecision.ForToken(realm, token, Question(permission, organizationId, audience), senderFailure: null, TestRealm.Epoch);

    private static PermissionQuestion Question(string permission, string? organizationId, string? audience) => new()
    {
        Subject = default,
        Permission = permission,
        Context = new CheckContext { OrganizationId = organizationId, Audience = audience },
    };
}
