using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.RoleBindings;

/// <summary>The table <c>role_binding</c>.</summary>
public sealed class RoleBindingStore : IResourceStore<RoleBinding>
{
    private const string Columns =
        "realm_id, role_binding_id, member_type, member_id, role_id, organization_id, conditions, expires_at";

    private const string FindSql = $"select {Columns} from role_binding where realm_id = @realmId and role_binding_id = @id";

    private const string ListSql = $"""
        select {Columns} from role_binding
        where realm_id = @realmId and role_binding_id > @AfterId
        order by role_binding_id limit @Limit
        """;

    private const string ListByMemberSql = $"""
        select {Columns} from role_binding
        where realm_id = @realmId and member_type = @memberType and member_id = @memberId and role_binding_id > @AfterId
        order by role_binding_id limit @Limit
        """;

    private const string ListChangedSql = $"""
        select {Columns} from role_binding
        where realm_id = @realmId and role_binding_id in (
            select resource_id from change_log
            where realm_id = @realmId and revision > @afterRevision and resource_kind = 'role_binding')
        order by role_binding_id
        """;

    private const string UpsertSql = """
        insert into role_binding (realm_id, role_binding_id, member_type, member_id, role_id, organization_id, conditions, expires_at)
        values (@RealmId, @RoleBindingId, @memberType, @MemberId, @RoleId, @OrganizationId, @Conditions, @ExpiresAt)
        on conflict (realm_id, role_binding_id) do update
        set member_type = excluded.member_type, member_id = excluded.member_id, role_id = excluded.role_id,
            organization_id = excluded.organization_id, conditions = excluded.conditions, expires_at = excluded.expires_at
        """;

    private const string DeleteSql = "delete from role_binding where realm_id = @realmId and role_binding_id = @id";

    public Task<RoleBinding?> FindAsync(DatabaseSession session, string realmId, string id, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<RoleBinding>(FindSql, new { realmId, id }, cancellationToken);

    public Task<IReadOnlyList<RoleBinding>> ListAsync(
        DatabaseSession session, string realmId, PageRange range, CancellationToken cancellationToken) =>
        session.QueryAsync<RoleBinding>(ListSql, new { realmId, range.AfterId, range.Limit }, cancellationToken);

    /// <summary>Those of one user, client or group itself.</summary>
    public Task<IReadOnlyList<RoleBinding>> ListByMemberAsync(
        DatabaseSession session, string realmId, MemberType type, string memberId, PageRange range, CancellationToken cancellationToken) =>
        session.QueryAsync<RoleBinding>(
            ListByMemberSql,
            new { realmId, memberType = StoredNames.Of(type), memberId, range.AfterId, range.Limit },
            cancellationToken);

    public Task<IReadOnlyList<RoleBinding>> ListChangedAsync(
        DatabaseSession session, string realmId, long afterRevision, CancellationToken cancellationToken) =>
        session.QueryAsync<RoleBinding>(ListChangedSql, new { realmId, afterRevision }, cancellationToken);

    public Task UpsertAsync(DatabaseSession session, RoleBinding resource, CancellationToken cancellationToken) =>
        session.ExecuteAsync(
            UpsertSql,
            new
            {
                resource.RealmId,
                resource.RoleBindingId,
                memberType = StoredNames.Of(resource.MemberType),
                resource.MemberId,
                resource.RoleId,
                resource.OrganizationId,
                resource.Conditions,
                resource.ExpiresAt,
            },
            cancellationToken);

    public Task DeleteAsync(DatabaseSession session, string realmId, string id, CancellationToken cancellationToken) =>
        session.ExecuteAsync(DeleteSql, new { realmId, id }, cancellationToken);
}
