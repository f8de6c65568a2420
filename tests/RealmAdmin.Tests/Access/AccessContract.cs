using Grpc.Core;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Storage;
using RealmAdmin.Tests.Writes;
using Testing.Databases;

namespace RealmAdmin.Tests.Access;

/// <summary>What operators ask about access, over a real port.</summary>
public abstract class AccessContract(TestDatabase fixture) : IAsyncLifetime
{
    private const string Document = """
        acr_values: [pwd, mfa]
        organizations: [{organization_id: acme}, {organization_id: retail, parent_organization_id: acme}, {organization_id: shut, disabled: true}, {organization_id: below, parent_organization_id: shut}]
        clients: [{client_id: api, client_type: web}, {client_id: job, client_type: service}, {client_id: off, client_type: service, disabled: true}]
        resource_servers:
          - {audience: "https://a.example", client_id: api, permissions: [{permission: a.read}, {permission: a.write}]}
          - {audience: "https://b.example", permissions: [{permission: b.read}, {permission: b.idle}]}
        roles:
          - {role_id: reader, permissions: [a.read]}
          - {role_id: writer, permissions: [a.write], included_role_ids: [reader]}
          - {role_id: auditor, permissions: [b.read], included_role_ids: [reader]}
          - {role_id: boss, included_role_ids: [writer, auditor]}
        groups: [{group_id: staff}, {group_id: day, parent_group_ids: [staff]}, {group_id: night, parent_group_ids: [staff]}]
        users:
          - {user_id: ada, group_ids: [day, night]}
          - {user_id: bob, group_ids: [staff], disabled: true}
          - {user_id: cy, group_ids: [staff]}
          - {user_id: dee}
          - {user_id: "eve@example/1", group_ids: [night]}
        role_bindings:
          - {role_binding_id: rb-staff, group_id: staff, role_id: writer, organization_id: acme}
          - {role_binding_id: rb-ada, user_id: ada, role_id: boss, conditions: {min_acr: mfa}}
          - {role_binding_id: rb-bob, user_id: bob, role_id: boss}
          - {role_binding_id: rb-dee-over, user_id: dee, role_id: boss, expires_at: 2020-01-01T00:00:00Z}
          - {role_binding_id: rb-dee-till, user_id: dee, role_id: reader, organization_id: retail, expires_at: 2999-01-01T00:00:00Z}
          - {role_binding_id: rb-job, client_id: job, role_id: reader}
          - {role_binding_id: rb-api, client_id: api, role_id: iam-resource-server}
          - {role_binding_id: rb-off, client_id: off, role_id: boss}
        """;

    private RealmAdminServer _server = null!;
    private AdminCalls _admin = null!;
    private string _realmId = "";

    public async Task InitializeAsync()
    {
        _server = await RealmAdminServer.SharedAsync(fixture);
        _admin = new AdminCalls(_server);
        _realmId = await _admin.NewRealmAsync(Document);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [StorageFact]
    public async Task Every_way_to_a_permission_is_named()
    {
        var answer = await EffectiveAsync(new() { UserId = "ada", OrganizationId = "retail" });

        Assert.Equal(1, answer.Revision);
        Assert.Equal(["a.read", "a.write", "b.read"], answer.Permissions.Select(item => item.Permission));
        Assert.Equal(
            [
                "rb-staff [day,staff] [writer,reader] acme False",
                "rb-ada [] [boss,auditor,reader]  True",
                "rb-ada [] [boss,writer,reader]  True",
                "rb-staff [night,staff] [writer,reader] acme False",
            ],
            answer.Permissions[0].Paths.Select(Line));
        Assert.Equal(
            [
                "Role binding 'rb-staff' gives role 'writer' in organization 'acme' to group 'staff'; the user is in 'day', which is in 'staff'; the role includes 'reader'.",
                "Role binding 'rb-ada' gives role 'boss' in the realm to the user, only with acr 'mfa' or stronger; the role includes 'auditor', which includes 'reader'.",
            ],
            answer.Permissions[0].Paths.Take(2).Select(path => path.Explanation));
        Assert.Equal(["rb-ada [] [boss,auditor]  True"], answer.Permissions[2].Paths.Select(Line));
    }

    [StorageFact]
    public async Task In_the_realm_itself_only_its_own_bindings_count()
    {
        Assert.Equal(["rb-ada"], (await EffectiveAsync(new() { UserId = "ada" })).Permissions.SelectMany(item => item.Paths).Select(path => path.RoleBindingId).Distinct());
        Assert.Empty((await EffectiveAsync(new() { UserId = "cy" })).Permissions);
        Assert.Equal(["a.read", "a.write"], (await EffectiveAsync(new() { UserId = "cy", OrganizationId = "acme" })).Permissions.Select(item => item.Permission));
    }

    [StorageFact]
    public async Task An_audience_narrows_the_answer_and_built_in_roles_count()
    {
        Assert.Equal(["b.read"], (await EffectiveAsync(new() { UserId = "ada", Audience = "https://b.example" })).Permissions.Select(item => item.Permission));
        Assert.Equal(
            ["iam.permissions.check", "iam.tokens.introspect"],
            (await EffectiveAsync(new() { ClientId = "api", Audience = "urn:pltfrms:iam" })).Permissions.Select(item => item.Permission));
        Assert.Empty((await EffectiveAsync(new() { ClientId = "api", Audience = "https://a.example" })).Permissions);
    }

    [StorageFact]
    public async Task Disabled_principals_and_organizations_and_bindings_that_are_over_give_nothing()
    {
        Assert.Empty((await EffectiveAsync(new() { UserId = "bob", OrganizationId = "acme" })).Permissions);
        Assert.Empty((await EffectiveAsync(new() { ClientId = "off" })).Permissions);
        Assert.Empty((await EffectiveAsync(new() { ClientId = "job", OrganizationId = "below" })).Permissions);
        Assert.Empty((await EffectiveAsync(new() { UserId = "dee" })).Permissions);
        Assert.Equal(
            ["rb-dee-till [] [reader] retail True"],
            (await EffectiveAsync(new() { UserId = "dee", OrganizationId = "retail" })).Permissions.SelectMany(item => item.Paths).Select(Line));
        await _admin.CallAsync(new UpdateRealmRequest { Realm = new() { RealmId = _realmId, Disabled = true }, UpdateMask = new() { Paths = { "disabled" } } });
        Assert.Empty((await EffectiveAsync(new() { ClientId = "job" })).Permissions);
        Assert.Empty((await HoldersAsync(new() { Permission = "a.read" })).Principals);
    }

    [StorageFact]
    public async Task Answers_are_current_after_every_write()
    {
        Assert.NotEmpty((await EffectiveAsync(new() { ClientId = "job" })).Permissions);
        await _admin.CallAsync(new DeleteRoleBindingRequest { RealmId = _realmId, RoleBindingId = "rb-job" });

        var answer = await EffectiveAsync(new() { ClientId = "job" });
        Assert.Equal((0, 2L), (answer.Permissions.Count, answer.Revision));
        Assert.DoesNotContain((await HoldersAsync(new() { Permission = "a.read" })).Principals, holder => holder.ClientId == "job");
    }

    [StorageFact]
    public async Task Who_has_a_permission_is_listed_clients_first_in_pages_of_any_size()
    {
        Assert.Equal(["client job", "user ada"], Names(await HoldersAsync(new() { Permission = "a.read" })));
        var all = await HoldersAsync(new() { Permission = "a.read", OrganizationId = "retail" });
        string[] expected = ["client job", "user ada", "user cy", "user dee", "user eve@example/1"];
        Assert.Equal((expected, "", 1L), (Names(all), all.NextPageToken, all.Revision), Same);
        Assert.Equal(["rb-staff [night,staff] [writer,reader] acme False"], all.Principals[4].Paths.Select(Line));
        Assert.Empty((await HoldersAsync(new() { Permission = "b.idle", OrganizationId = "retail" })).Principals);
        Assert.Empty((await HoldersAsync(new() { Permission = "a.read", OrganizationId = "below" })).Principals);
        Assert.Equal(["client api"], Names(await HoldersAsync(new() { Permission = "iam.permissions.check" })));

        foreach (var size in new[] { 1, 2, 3, 4, 5 })
        {
            List<string> names = [];
            var request = new ListPrincipalsWithPermissionRequest { Permission = "a.read", OrganizationId = "retail", PageSize = size };
            do
            {
                var page = await HoldersAsync(request);
                Assert.True(page.Principals.Count <= size);
                names.AddRange(Names(page));
                request.PageToken = page.NextPageToken;
            }
            while (request.PageToken.Length > 0);
            Assert.Equal(expected, names);
        }
    }

    [StorageFact]
    public async Task A_page_token_is_good_for_its_query_only()
    {
        var token = (await HoldersAsync(new() { Permission = "a.read", OrganizationId = "retail", PageSize = 1 })).NextPageToken;

        ListPrincipalsWithPermissionRequest[] others =
        [
            new() { RealmId = _realmId, Permission = "a.read", OrganizationId = "acme", PageToken = token },
            new() { RealmId = _realmId, Permission = "a.write", OrganizationId = "retail", PageToken = token },
            new() { RealmId = _realmId, Permission = "a.read", OrganizationId = "retail", PageToken = token[..^1] },
            new() { RealmId = _realmId, Permission = "a.read", OrganizationId = "retail", PageToken = "!" },
        ];
        foreach (var request in others)
        {
            var refusal = await _admin.RefusalAsync(request);
            Assert.Equal((StatusCode.InvalidArgument, "INVALID_PAGE_TOKEN"), Outcome(refusal));
            Assert.Equal(["page_token"], refusal.Fields);
        }
    }

    [StorageFact]
    public async Task What_is_not_there_and_what_is_malformed_is_told_apart()
    {
        var effective = new ListEffectivePermissionsRequest { RealmId = _realmId, UserId = "nobody" };
        Assert.Equal((StatusCode.NotFound, "RESOURCE_NOT_FOUND"), Outcome(await _admin.RefusalAsync(effective)));
        Assert.Equal("RESOURCE_NOT_FOUND", (await _admin.RefusalAsync(new ListEffectivePermissionsRequest { RealmId = _realmId, ClientId = "ada" })).Reason);
        Assert.Equal("RESOURCE_NOT_FOUND", (await _admin.RefusalAsync(new ListEffectivePermissionsRequest { RealmId = _realmId, UserId = "ada", Audience = "https://c.example" })).Reason);
        Assert.Equal("UNKNOWN_ORGANIZATION", (await _admin.RefusalAsync(new ListEffectivePermissionsRequest { RealmId = _realmId, UserId = "ada", OrganizationId = "nowhere" })).Reason);
        Assert.Equal("REALM_NOT_FOUND", (await _admin.RefusalAsync(new ListEffectivePermissionsRequest { RealmId = "no-such", UserId = "ada" })).Reason);
        var malformed = await _admin.RefusalAsync(new ListEffectivePermissionsRequest { RealmId = "No", OrganizationId = "no no", Audience = "x" });
        Assert.Equal(("INVALID_ARGUMENT", "realm_id,user_id,organization_id,audience"), (malformed.Reason, string.Join(',', malformed.Fields)));

        var holders = new ListPrincipalsWithPermissionRequest { RealmId = _realmId, Permission = "no.such" };
        Assert.Equal((StatusCode.NotFound, "RESOURCE_NOT_FOUND"), Outcome(await _admin.RefusalAsync(holders)));
        Assert.Equal("UNKNOWN_ORGANIZATION", (await _admin.RefusalAsync(new ListPrincipalsWithPermissionRequest { RealmId = _realmId, Permission = "a.read", OrganizationId = "nowhere" })).Reason);
        Assert.Equal("REALM_NOT_FOUND", (await _admin.RefusalAsync(new ListPrincipalsWithPermissionRequest { RealmId = "no-such", Permission = "a.read" })).Reason);
        var wrong = await _admin.RefusalAsync(new ListPrincipalsWithPermissionRequest { RealmId = _realmId, Permission = "", PageSize = -1 });
        Assert.Equal(("INVALID_ARGUMENT", "permission,page_size"), (wrong.Reason, string.Join(',', wrong.Fields)));
    }

    private static bool Same((string[] Names, string Token, long Revision) left, (string[] Names, string Token, long Revision) right) =>
        left.Names.SequenceEqual(right.Names) && left.Token == right.Token && left.Revision == right.Revision;

    private static (StatusCode Code, string Reason) Outcome(Refusal refusal) => (refusal.Code, refusal.Reason);

    private static string Line(AccessPath path) =>
        $"{path.RoleBindingId} [{string.Join(',', path.GroupIds)}] [{string.Join(',', path.RoleIds)}] {path.OrganizationId} {path.Conditional}";

    private static string[] Names(ListPrincipalsWithPermissionResponse page) =>
        [.. page.Principals.Select(holder => holder.UserId.Length > 0 ? $"user {holder.UserId}" : $"client {holder.ClientId}")];

    private async Task<ListEffectivePermissionsResponse> EffectiveAsync(ListEffectivePermissionsRequest request)
    {
        request.RealmId = _realmId;
        return await _admin.CallAsync<ListEffectivePermissionsResponse>(request);
    }

    private async Task<ListPrincipalsWithPermissionResponse> HoldersAsync(ListPrincipalsWithPermissionRequest request)
    {
        request.RealmId = _realmId;
        return await _admin.CallAsync<ListPrincipalsWithPermissionResponse>(request);
    }
}

public sealed class SqliteAccessTests(SqliteRealmAdminDatabase fixture) : AccessContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresAccessTests(PostgresRealmAdminDatabase fixture) : AccessContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
