using Google.Protobuf;
using Pltfrms.Iam.RealmAdmin.Audit;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Delegation;
using RealmAdmin.Tests.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Writes;

/// <summary>Removing what thousands refer to: more than a page, and more than a write keeps in memory.</summary>
public abstract class LargeCascadeContract(TestDatabase fixture) : IAsyncLifetime
{
    private const int Many = 2_300;

    private DelegationServer _server = null!;
    private AdminCalls _admin = null!;
    private string _realmId = "";

    public async Task InitializeAsync()
    {
        _server = await DelegationServer.StartAsync(fixture);
        _admin = _server.Calls;
        _realmId = await _admin.NewRealmAsync(Document(Many));
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [StorageFact]
    public async Task Without_cascade_they_are_counted_and_a_hundred_are_named()
    {
        var role = await _admin.RefusalAsync(new DeleteRoleRequest { RealmId = _realmId, RoleId = "wide" });
        var group = await _admin.RefusalAsync(new DeleteGroupRequest { RealmId = _realmId, GroupId = "crowd" });
        var organization = await _admin.RefusalAsync(new DeleteOrganizationRequest { RealmId = _realmId, OrganizationId = "vast" });

        Assert.Equal(("RESOURCE_IN_USE", $"{Many + 1}", 100), (role.Reason, role.Metadata["referrers"], role.Violations.Count));
        Assert.Equal(["role 'wider'", "role_binding 'b0000'"], role.Violations.Take(2).Select(violation => violation.Description));
        Assert.Equal(($"{Many}", "user 'u0099'"), (group.Metadata["referrers"], group.Violations[^1].Description));
        Assert.Equal($"{2 * Many}", organization.Metadata["referrers"]);
    }

    [StorageFact]
    public async Task A_role_goes_with_all_its_bindings_at_one_revision_and_each_is_in_the_audit_trail()
    {
        var delete = new DeleteRoleRequest { RealmId = _realmId, RoleId = "wide", Cascade = true, RequestId = "once" };

        var deleted = await _admin.CallAsync<DeleteRoleResponse>(delete);

        Assert.Equal(2, deleted.Revision);
        Assert.Equal(deleted, await _admin.CallAsync<DeleteRoleResponse>(delete));
        Assert.Empty((await _admin.CallAsync<ListRoleBindingsResponse>(new ListRoleBindingsRequest { RealmId = _realmId })).RoleBindings);
        var rows = await RowsAsync();
        var written = rows.Where(row => row.Revision == 2).ToList();
        Assert.Equal(Enumerable.Range(0, Many + 2), written.Select(row => row.Ordinal));
        Assert.Equal(["role", "role_binding", "role"], new[] { written[0], written[1], written[^1] }.Select(row => row.ResourceKind));
        Assert.Equal(Many, written.Where(row => row is { ResourceKind: "role_binding", ChangeKind: "delete", StateBefore: not null }).Select(row => row.ResourceId).Distinct().Count());
        Assert.Single(written.Select(row => row.ChangedAt).Distinct());
        AssertChained(rows);
    }

    [StorageFact]
    public async Task Members_leave_a_group_and_an_organization_that_go()
    {
        await _admin.CallAsync(new DeleteGroupRequest { RealmId = _realmId, GroupId = "crowd", Cascade = true });
        await _admin.CallAsync(new DeleteOrganizationRequest { RealmId = _realmId, OrganizationId = "vast", Cascade = true });

        var page = await _admin.CallAsync<ListUsersResponse>(new ListUsersRequest { RealmId = _realmId, PageSize = 1_000 });
        Assert.Equal(1_000, page.Users.Count);
        Assert.All(page.Users, user => Assert.Equal((0, 0), (user.GroupIds.Count, user.OrganizationIds.Count)));
        Assert.Empty((await _admin.CallAsync<ListRoleBindingsResponse>(new ListRoleBindingsRequest { RealmId = _realmId })).RoleBindings);
        AssertChained(await RowsAsync());
    }

    [StorageFact]
    public async Task A_preview_tells_of_all_of_them_and_writes_nothing()
    {
        var preview = await _admin.CallAsync<PreviewWritesResponse>(new PreviewWritesRequest
        {
            RealmId = _realmId,
            Operations = { new WriteOperation { DeleteRole = new() { RoleId = "wide", Cascade = true } } },
        });

        Assert.Equal(Many + 2, preview.Changes.Count);
        Assert.DoesNotContain(await RowsAsync(), row => row.Revision == 2);
    }

    [StorageFact]
    public async Task A_cascade_that_is_refused_at_its_last_step_leaves_nothing_of_the_others()
    {
        // The administrator of vast may change its users, and not the one that is in another organization too.
        const int more = 1_100;
        var document = Document(more).Replace($"{{user_id: u{more - 1:d4}, group_ids: [crowd], organization_ids: [vast]}}", $"{{user_id: zz, group_ids: [crowd], organization_ids: [small]}}", StringComparison.Ordinal)
            .Replace($"user_id: u{more - 1:d4}", "user_id: zz", StringComparison.Ordinal)
            .Replace("{group_id: crowd}", "{group_id: crowd, owner_organization_id: vast}", StringComparison.Ordinal)
            .Replace("roles: [", "roles: [{role_id: clerk, permissions: [iam.groups.write, iam.groups.read]}, ", StringComparison.Ordinal)
            .Replace("role_bindings: [", "role_bindings: [{role_binding_id: a, user_id: u0000, role_id: clerk, organization_id: vast}, ", StringComparison.Ordinal);
        var realmId = await _admin.NewRealmAsync(document);
        IMessage delete = new DeleteGroupRequest { RealmId = realmId, GroupId = "crowd", Cascade = true };

        var refusal = await _admin.RefusalAsync(delete, DelegationRealm.User("u0000", "iam.groups.write iam.groups.read"));

        Assert.Equal("PERMISSION_DENIED", refusal.Reason);
        Assert.Equal(1, await _admin.RevisionAsync(realmId));
        Assert.All(await RowsAsync(realmId), row => Assert.Equal(1, row.Revision));
        var members = await _admin.CallAsync<ListUsersResponse>(new ListUsersRequest { RealmId = realmId, GroupId = "crowd", PageSize = 1_000 });
        Assert.Equal(1_000, members.Users.Count);
    }

    private static string Document(int many) => $$"""
        organizations: [{organization_id: vast}, {organization_id: small}]
        roles: [{role_id: wide}, {role_id: wider, included_role_ids: [wide]}]
        groups: [{group_id: crowd}]
        users: [{{string.Join(", ", Enumerable.Range(0, many).Select(i => $"{{user_id: u{i:d4}, group_ids: [crowd], organization_ids: [vast]}}"))}}]
        role_bindings: [{{string.Join(", ", Enumerable.Range(0, many).Select(i => $"{{role_binding_id: b{i:d4}, user_id: u{i:d4}, role_id: wide, organization_id: vast}}"))}}]
        """;

    private static void AssertChained(IReadOnlyList<ChangeLogRow> rows)
    {
        string? head = null;
        foreach (var row in rows)
        {
            Assert.Equal(AuditChain.Hash(head, row), row.Hash);
            head = row.Hash;
        }
    }

    private async Task<IReadOnlyList<ChangeLogRow>> RowsAsync(string? realmId = null)
    {
        await using var session = await fixture.Database.OpenAsync(default);
        return await new ChangeLogStore().ListAsync(session, realmId ?? _realmId, new EventPosition(0, 0), int.MaxValue, default);
    }
}

public sealed class SqliteLargeCascadeTests(SqliteRealmAdminDatabase fixture) : LargeCascadeContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresLargeCascadeTests(PostgresRealmAdminDatabase fixture) : LargeCascadeContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
