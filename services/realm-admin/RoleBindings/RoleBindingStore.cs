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
        """;

    // One statement for each set of filters, put together from these, so that each finds its index.
    private const string ListBySql = $"select {Columns} from role_binding where realm_id = @realmId and role_binding_id > @AfterId";
    private const string ByMember = " and member_type = @memberType and member_id = @MemberId";
    private const string CountBySql = "select count(1) from role_binding where realm_id = @realmId";
    private const string Conditional = " and conditions is not null";
    private const string ByRole = " and role_id = @RoleId";
    private const string ByOrganization = " and organization_id = @OrganizationId";
    private const string InOrder = " order by role_binding_id limit @Limit";

    private const string ListRolesInSql = """
        select distinct role_id, conditions, expires_at from role_binding
        where realm_id = @realmId and organization_id = @organizationId
        order by role_id
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
        session.QueryAsync<RoleBinding>(
            $"{ListSql}{WithinOrganizations.Sql(range, "organization_id")}{InOrder}",
            WithinOrganizations.Parameters(range, new { realmId }),
            cancellationToken);

    /// <summary>Those that match every filter that is set.</summary>
    public Task<IReadOnlyList<RoleBinding>> ListByAsync(
        DatabaseSession session, string realmId, RoleBindingFilter filter, PageRange range, CancellationToken cancellationToken)
    {
        var memberType = filter.MemberType is { } type ? StoredNames.Of(type) : null;
        return session.QueryAsync<RoleBinding>(
            $"{ListBySql}{Matching(filter)}{WithinOrganizations.Sql(range, "organization_id")}{InOrder}",
            WithinOrganizations.Parameters(range, new { realmId, memberType, filter.MemberId, filter.RoleId, filter.OrganizationId }),
            cancellationToken);
    }

    /// <summary>How many match every filter that is set.</summary>
    public Task<long> CountByAsync(DatabaseSession session, string realmId, RoleBindingFilter filter, CancellationToken cancellationToken)
    {
        var memberType = filter.MemberType is { } type ? StoredNames.Of(type) : null;
        return session.QuerySingleOrDefaultAsync<long>(
            $"{CountBySql}{Matching(filter)}", new { realmId, memberType, filter.MemberId, filter.RoleId, filter.OrganizationId }, cancellationToken);
    }

    /// <summary>Which roles are bound in exactly this organization, on whatever different terms.</summary>
    public Task<IReadOnlyList<BoundRole>> ListRolesInAsync(
        DatabaseSession session, string realmId, string organizationId, CancellationToken cancellationToken) =>
        session.QueryAsync<BoundRole>(ListRolesInSql, new { realmId, organizationId }, cancellationToken);

    public Task<IReadOnlyList<RoleBinding>> ListChangedAsync(
        DatabaseSession session, string realmId, long afterRevision, CancellationToken cancellationToken) =>
        session.QueryAsync<RoleBinding>(ListChangedSql, new { realmId, afterRevision }, cancellationToken);

    public Task UpsertAsync(DatabaseSession session, IReadOnlyList<RoleBinding> resources, CancellationToken cancellationToken)
    {
        var rows = resources.Select(resource => new
        {
            resource.RealmId,
            resource.RoleBindingId,
            memberType = StoredNames.Of(resource.MemberType),
            resource.MemberId,
            resource.RoleId,
            resource.OrganizationId,
            resource.Conditions,
            resource.ExpiresAt,
        });
        return session.ExecuteEachAsync(UpsertSql, rows.ToArray(), cancellationToken);
    }

    public Task DeleteAsync(DatabaseSession session, string realmId, IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        session.ExecuteEachAsync(DeleteSql, ids.Select(id => new { realmId, id }).ToArray(), cancellationToken);

    private static string Matching(RoleBindingFilter filter) => string.Concat(
        filter.MemberType is null ? "" : ByMember,
        filter.RoleId is null ? "" : ByRole,
        filter.OrganizationId is null ? "" : ByOrganization,
        filter.IsConditional ? Conditional : "");
}

/// <summary>A role that somebody is bound to, and on what terms.</summary>
public sealed record BoundRole
{
    public required string RoleId { get; init; }

    public RoleBindingConditions? Conditions { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>Which role bindings; null: whichever.</summary>
public sealed record RoleBindingFilter
{
    /// <summary>Set with <see cref="MemberId"/>.</summary>
    public MemberType? MemberType { get; init; }

    public string? MemberId { get; init; }

    public string? RoleId { get; init; }

    /// <summary>Exactly this one, not those above or below.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>Those that hold under conditions only.</summary>
    public bool IsConditional { get; init; }
}
