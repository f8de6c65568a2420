using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Roles;

/// <summary>The table <c>role</c>.</summary>
public sealed class RoleStore : IResourceStore<Role>
{
    private const string Columns = "realm_id, role_id, display_name, audience, permissions, included_role_ids";

    private const string FindSql = $"select {Columns} from role where realm_id = @realmId and role_id = @id";

    private const string ListSql = $"""
        select {Columns} from role
        where realm_id = @realmId and role_id > @AfterId
        order by role_id limit @Limit
        """;

    private const string ListChangedSql = $"""
        select {Columns} from role
        where realm_id = @realmId and role_id in (
            select resource_id from change_log
            where realm_id = @realmId and revision > @afterRevision and resource_kind = 'role')
        order by role_id
        """;

    private const string UpsertSql = """
        insert into role (realm_id, role_id, display_name, audience, permissions, included_role_ids)
        values (@RealmId, @RoleId, @DisplayName, @Audience, @Permissions, @IncludedRoleIds)
        on conflict (realm_id, role_id) do update
        set display_name = excluded.display_name, audience = excluded.audience, permissions = excluded.permissions,
            included_role_ids = excluded.included_role_ids
        """;

    private const string DeleteSql = "delete from role where realm_id = @realmId and role_id = @id";

    public Task<Role?> FindAsync(DatabaseSession session, string realmId, string id, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<Role>(FindSql, new { realmId, id }, cancellationToken);

    public Task<IReadOnlyList<Role>> ListAsync(
        DatabaseSession session, string realmId, PageRange range, CancellationToken cancellationToken) =>
        session.QueryAsync<Role>(ListSql, new { realmId, range.AfterId, range.Limit }, cancellationToken);

    public Task<IReadOnlyList<Role>> ListChangedAsync(
        DatabaseSession session, string realmId, long afterRevision, CancellationToken cancellationToken) =>
        session.QueryAsync<Role>(ListChangedSql, new { realmId, afterRevision }, cancellationToken);

    public Task UpsertAsync(DatabaseSession session, IReadOnlyList<Role> resources, CancellationToken cancellationToken) =>
        session.ExecuteEachAsync(UpsertSql, resources, cancellationToken);

    public Task DeleteAsync(DatabaseSession session, string realmId, IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        session.ExecuteEachAsync(DeleteSql, ids.Select(id => new { realmId, id }).ToArray(), cancellationToken);
}
