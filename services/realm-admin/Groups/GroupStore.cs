using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Groups;

/// <summary>The table <c>iam_group</c>. Its members are the users' part (<see cref="Users.UserStore"/>).</summary>
public sealed class GroupStore : IResourceStore<Group>
{
    private const string Columns = "realm_id, group_id, display_name, parent_group_ids, owner_organization_id";

    private const string FindSql = $"select {Columns} from iam_group where realm_id = @realmId and group_id = @id";

    private const string ListSql = $"""
        select {Columns} from iam_group
        where realm_id = @realmId and group_id > @AfterId
        """;

    private const string InOrder = " order by group_id limit @Limit";

    private const string ListChangedSql = $"""
        select {Columns} from iam_group
        where realm_id = @realmId and group_id in (
            select resource_id from change_log
            where realm_id = @realmId and revision > @afterRevision and resource_kind = 'group')
        order by group_id
        """;

    private const string UpsertSql = """
        insert into iam_group (realm_id, group_id, display_name, parent_group_ids, owner_organization_id)
        values (@RealmId, @GroupId, @DisplayName, @ParentGroupIds, @OwnerOrganizationId)
        on conflict (realm_id, group_id) do update
        set display_name = excluded.display_name, parent_group_ids = excluded.parent_group_ids,
            owner_organization_id = excluded.owner_organization_id
        """;

    private const string DeleteSql = "delete from iam_group where realm_id = @realmId and group_id = @id";

    public Task<Group?> FindAsync(DatabaseSession session, string realmId, string id, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<Group>(FindSql, new { realmId, id }, cancellationToken);

    public Task<IReadOnlyList<Group>> ListAsync(
        DatabaseSession session, string realmId, PageRange range, CancellationToken cancellationToken) =>
        session.QueryAsync<Group>(
            $"{ListSql}{WithinOrganizations.Sql(range, "owner_organization_id")}{InOrder}", WithinOrganizations.Parameters(range, new { realmId }), cancellationToken);

    public Task<IReadOnlyList<Group>> ListChangedAsync(
        DatabaseSession session, string realmId, long afterRevision, CancellationToken cancellationToken) =>
        session.QueryAsync<Group>(ListChangedSql, new { realmId, afterRevision }, cancellationToken);

    public Task UpsertAsync(DatabaseSession session, IReadOnlyList<Group> resources, CancellationToken cancellationToken) =>
        session.ExecuteEachAsync(UpsertSql, resources, cancellationToken);

    public Task DeleteAsync(DatabaseSession session, string realmId, IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        session.ExecuteEachAsync(DeleteSql, ids.Select(id => new { realmId, id }).ToArray(), cancellationToken);
}
