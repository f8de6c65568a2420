using Grpc.Core;
using Pltfrms.Iam.Common.Decisions;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Token.Tests.Hosting;
using Wire = Pltfrms.Iam.Token.V1;

namespace Token.Tests.Permissions;

/// <summary>PermissionService over gRPC.</summary>
public sealed class PermissionServiceTests(TokenServiceFixture fixture) : IClassFixture<TokenServiceFixture>
{
    private TokenReplica Service => fixture.Service;

    [Fact]
    public void Reasons_have_the_contracts_names_and_numbers() => Assert.Equal(
        Enum.GetValues<Wire.DecisionReason>().Select(r => (r.ToString(), (int)r)),
        Enum.GetValues<DecisionReason>().Select(r => (r.ToString(), (int)r)));

    [Fact]
    public async Task Answers_the_main_questions_about_a_token_tied_to_acme()
    {
        var token = await Service.IssueAsync("demo", "demo-service", TestRealm.ServiceSecret, ("organization", "acme"));

        Assert.Equal(Wire.DecisionReason.Allowed, (await CheckAsync(token, "invoices.create", "acme")).Reason);
        Assert.Equal(Wire.DecisionReason.Allowed, (await CheckAsync(token, "invoices.create", "acme-retail")).Reason);
        Assert.Equal(Wire.DecisionReason.OrganizationMismatch, (await CheckAsync(token, "invoices.create", "globex")).Reason);
        Assert.Equal(Wire.DecisionReason.ScopeNotGranted, (await CheckAsync(token, "payments.refund", "acme")).Reason);
        Assert.Equal(Wire.DecisionReason.TokenInactive, (await CheckAsync("garbage", "invoices.create", "acme")).Reason);
        Assert.True((await CheckAsync(token, "invoices.create", "")).Allowed);
        Assert.False((await CheckAsync(token, "payments.refund", "")).Allowed);
    }

    [Fact]
    public async Task The_trace_comes_only_where_asked_for()
    {
        var request = new Wire.CheckPermissionRequest { RealmId = "demo", UserId = "alice", Permission = "invoices.read", OrganizationId = "acme", IncludeTrace = true };

        var traced = await Service.Permissions.CheckPermissionAsync(request, TokenReplica.Operator);
        request.IncludeTrace = false;
        var untraced = await Service.Permissions.CheckPermissionAsync(request, TokenReplica.Operator);

        Assert.Null(untraced.Trace);
        Assert.Equal(("", "b-accountants", "acme", "acme"), (traced.Trace.Scope, traced.Trace.RoleBindingId, traced.Trace.BindingOrganizationId, traced.Trace.OrganizationId));
        Assert.Equal(["accountants"], traced.Trace.GroupIds);
        Assert.Equal(["accountant", "viewer"], traced.Trace.RoleIds);
        Assert.Equal(6, traced.Trace.Steps.Count);
    }

    [Fact]
    public async Task A_role_removed_at_a_revision_is_never_used_by_a_check_at_it()
    {
        var user = new User { RealmId = "demo", UserId = "eve" };
        var granted = fixture.Realms.Change("demo", user, TestRealm.Binding("demo", "b-eve", MemberType.User, "eve", "viewer", null));
        var request = new Wire.CheckPermissionRequest { RealmId = "demo", UserId = "eve", Permission = "invoices.read", MinRevision = granted };
        Assert.True((await Service.Permissions.CheckPermissionAsync(request, TokenReplica.Operator)).Allowed);

        request.MinRevision = fixture.Realms.Remove("demo", ResourceKind.RoleBinding, "b-eve");
        var after = await Service.Permissions.CheckPermissionAsync(request, TokenReplica.Operator);

        Assert.Equal(Wire.DecisionReason.PermissionNotAssigned, after.Reason);
        Assert.True(after.Revision >= request.MinRevision);
    }

    [Fact]
    public async Task A_revision_that_does_not_come_in_time_is_an_outage_and_no_answer()
    {
        var request = new Wire.CheckPermissionRequest { RealmId = "demo", UserId = "carol", Permission = "invoices.read", MinRevision = 1_000_000 };

        var refusal = await Assert.ThrowsAsync<RpcException>(async () =>
            await Service.Permissions.CheckPermissionAsync(request, TokenReplica.Operator, TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(300)));

        Assert.Contains(refusal.StatusCode, new[] { StatusCode.Unavailable, StatusCode.DeadlineExceeded });
    }

    [Fact]
    public async Task Names_every_wrong_field()
    {
        Assert.Equal(["permission", "subject"], await FieldsAsync(new() { RealmId = "demo" }));
        Assert.Equal(["permission"], await FieldsAsync(new() { RealmId = "demo", UserId = "alice", Permission = "noverb" }));
        Assert.Equal(["permission"], await FieldsAsync(new() { RealmId = "demo", UserId = "alice", Permission = "a..b" }));
        Assert.Equal(["permission"], await FieldsAsync(new() { RealmId = "demo", UserId = "alice", Permission = "invoices read.x" }));
        Assert.Equal(
            ["context.source_address", "min_revision"],
            await FieldsAsync(new() { RealmId = "demo", UserId = "alice", Permission = "a.b", Context = new() { SourceAddress = "10.0.0" + ".x" }, MinRevision = -1 }));
    }

    [Fact]
    public async Task A_batch_is_answered_in_order_at_one_revision()
    {
        var token = await Service.IssueAsync("demo", "demo-service", TestRealm.ServiceSecret, ("organization", "acme"));
        var request = new Wire.BatchCheckPermissionsRequest
        {
            RealmId = "demo",
            Checks =
            {
                new Wire.CheckPermissionRequest { AccessToken = token, Permission = "invoices.read" },
                new Wire.CheckPermissionRequest { RealmId = "demo", UserId = "bob", Permission = "invoices.read", OrganizationId = "acme" },
                new Wire.CheckPermissionRequest { ClientId = "demo-service", Permission = "invoices.create", OrganizationId = "acme", IncludeTrace = true },
            },
        };

        var response = await Service.Permissions.BatchCheckPermissionsAsync(request, TokenReplica.Operator);

        Assert.Equal(
            [Wire.DecisionReason.Allowed, Wire.DecisionReason.PermissionNotAssigned, Wire.DecisionReason.Allowed], response.Results.Select(r => r.Reason));
        Assert.Equal([response.Revision], response.Results.Select(r => r.Revision).Distinct());
        Assert.Equal([false, false, true], response.Results.Select(r => r.Trace is not null));
    }

    [Fact]
    public async Task A_batch_names_the_wrong_check_and_is_limited()
    {
        var wrong = new Wire.BatchCheckPermissionsRequest
        {
            RealmId = "demo",
            Checks =
            {
                new Wire.CheckPermissionRequest { UserId = "alice", Permission = "a.b" },
                new Wire.CheckPermissionRequest { UserId = "alice", Permission = "x", RealmId = "other" },
                new Wire.CheckPermissionRequest { Permission = "a.b" },
            },
        };
        var large = new Wire.BatchCheckPermissionsRequest { RealmId = "demo" };
        large.Checks.AddRange(Enumerable.Repeat(wrong.Checks[0], 1000));

        Assert.Equal(
            ["checks[1].permission", "checks[1].realm_id", "checks[2].subject"],
            await Refusals.FieldsOfAsync(Service.Permissions.BatchCheckPermissionsAsync(wrong, TokenReplica.Operator)));
        Assert.Equal(1000, (await Service.Permissions.BatchCheckPermissionsAsync(large, TokenReplica.Operator)).Results.Count);
        large.Checks.Add(wrong.Checks[0]);
        Assert.Equal(["checks"], await Refusals.FieldsOfAsync(Service.Permissions.BatchCheckPermissionsAsync(large, TokenReplica.Operator)));
    }

    [Fact]
    public async Task Lists_exactly_what_checks_would_allow()
    {
        string[] all = ["files.read", "invoices.approve", "invoices.create", "invoices.read", "payments.refund", .. IamPermissions.Assignable];
        foreach (var organizationId in new[] { "", "acme", "acme-retail", "globex" })
        {
            foreach (var subject in await SubjectsAsync())
            {
                subject.OrganizationId = organizationId;
                var allowed = new List<string>();
                foreach (var permission in all)
                {
                    var check = new Wire.CheckPermissionRequest { RealmId = "demo", Permission = permission, OrganizationId = organizationId };
                    Copy(subject, check);
                    if ((await Service.Permissions.CheckPermissionAsync(check, TokenReplica.Operator)).Allowed)
                    {
                        allowed.Add(permission);
                    }
                }

                var listed = await Service.Permissions.ListPermissionsAsync(subject, TokenReplica.Operator);

                Assert.Equal(allowed.Order(StringComparer.Ordinal), listed.Permissions);
                Assert.Equal(allowed.Count > 0, listed.Reason == Wire.DecisionReason.Allowed);
            }
        }
    }

    [Fact]
    public async Task Says_why_there_is_nothing_to_list()
    {
        Assert.Equal(Wire.DecisionReason.UnknownPrincipal, (await ListAsync(new() { UserId = "nobody" })).Reason);
        Assert.Equal(Wire.DecisionReason.UnknownOrganization, (await ListAsync(new() { UserId = "carol", OrganizationId = "initech" })).Reason);
        Assert.Equal(Wire.DecisionReason.TokenInactive, (await ListAsync(new() { AccessToken = "garbage" })).Reason);
        Assert.Equal(Wire.DecisionReason.UnknownPermission, (await ListAsync(new() { UserId = "carol", Audience = "urn:nobody" })).Reason);
        Assert.Equal(Wire.DecisionReason.PermissionNotAssigned, (await ListAsync(new() { UserId = "carol", Audience = TestRealm.Files })).Reason);
        Assert.Equal(["invoices.approve", "invoices.create", "invoices.read"], (await ListAsync(new() { UserId = "carol", Audience = TestRealm.Api })).Permissions);
    }

    [Fact]
    public async Task An_unknown_realm_is_told_to_operators() => Assert.Equal(
        (StatusCode.NotFound, "REALM_NOT_FOUND"),
        await Refusals.OfAsync(Service.Permissions.CheckPermissionAsync(
            new() { RealmId = "nowhere", UserId = "alice", Permission = "a.b" }, TokenReplica.Operator)));

    private async Task<IReadOnlyList<Wire.ListPermissionsRequest>> SubjectsAsync() =>
    [
        new() { RealmId = "demo", UserId = "alice" },
        new() { RealmId = "demo", UserId = "carol" },
        new() { RealmId = "demo", ClientId = "demo-service" },
        new() { RealmId = "demo", ClientId = "demo-operator" },
        new() { RealmId = "demo", AccessToken = await Service.IssueAsync("demo", "demo-service", TestRealm.ServiceSecret, ("organization", "acme")) },
        new() { RealmId = "demo", AccessToken = await Service.IssueAsync("demo", "demo-service", TestRealm.ServiceSecret, ("scope", "invoices.read")) },
        new() { RealmId = "demo", AccessToken = await Service.IssueAsync("demo", "org-admin", TestRealm.OperatorSecret, ("organization", "acme")) },
        new() { RealmId = "demo", AccessToken = await Service.IssueAsync("demo", "demo-operator", TestRealm.OperatorSecret) },
    ];

    private static void Copy(Wire.ListPermissionsRequest from, Wire.CheckPermissionRequest to)
    {
        switch (from.SubjectCase)
        {
            case Wire.ListPermissionsRequest.SubjectOneofCase.AccessToken:
                to.AccessToken = from.AccessToken;
                break;
            case Wire.ListPermissionsRequest.SubjectOneofCase.UserId:
                to.UserId = from.UserId;
                break;
            default:
                to.ClientId = from.ClientId;
                break;
        }
    }

    private async Task<Wire.ListPermissionsResponse> ListAsync(Wire.ListPermissionsRequest request)
    {
        request.RealmId = "demo";
        return await Service.Permissions.ListPermissionsAsync(request, TokenReplica.Operator);
    }

    private Task<IReadOnlyList<string>> FieldsAsync(Wire.CheckPermissionRequest request) =>
        Refusals.FieldsOfAsync(Service.Permissions.CheckPermissionAsync(request, TokenReplica.Operator));

    private async Task<Wire.CheckPermissionResponse> CheckAsync(string token, string permission, string organizationId) =>
        await Service.Permissions.CheckPermissionAsync(
            new() { RealmId = "demo", AccessToken = token, Permission = permission, OrganizationId = organizationId }, TokenReplica.Operator);
}
