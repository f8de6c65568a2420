using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Delegations;

/// <summary>The table <c>delegation</c>.</summary>
public sealed class DelegationStore : IResourceStore<DelegationRecord>
{
    private const string Columns = """
        realm_id, delegation_id, delegator_id, delegate_type, delegate_id, scopes, organization_id, expires_at, max_depth, reason,
        created_at, created_by, self_granted
        """;

    private const string FindSql = $"select {Columns} from delegation where realm_id = @realmId and delegation_id = @id";

    // One statement for each set of filters, put together from these, so that each finds its index.
    private const string ListSql = $"select {Columns} from delegation where realm_id = @realmId and delegation_id > @AfterId";
    private const string CountSql = "select count(1) from delegation where realm_id = @realmId";
    private const string ByDelegator = " and delegator_id = @DelegatorId";
    private const string ByDelegate = " and delegate_type = @delegateType and delegate_id = @DelegateId";
    private const string ByOrganization = " and organization_id = @OrganizationId";
    private const string InOrder = " order by delegation_id limit @Limit";

    private const string ListChangedSql = $"""
        select {Columns} from delegation
        where realm_id = @realmId and delegation_id in (
            select resource_id from change_log
            where realm_id = @realmId and revision > @afterRevision and resource_kind = 'delegation')
        order by delegation_id
        """;

    private const string UpsertSql = """
        insert into delegation (
            realm_id, delegation_id, delegator_id, delegate_type, delegate_id, scopes, organization_id, expires_at, max_depth, reason,
            created_at, created_by, self_granted)
        values (
            @RealmId, @DelegationId, @DelegatorId, @delegateType, @DelegateId, @Scopes, @OrganizationId, @ExpiresAt, @MaxDepth, @Reason,
            @CreatedAt, @CreatedBy, @SelfGranted)
        on conflict (realm_id, delegation_id) do update
        set delegator_id = excluded.delegator_id, delegate_type = excluded.delegate_type, delegate_id = excluded.delegate_id,
            scopes = excluded.scopes, organization_id = excluded.organization_id, expires_at = excluded.expires_at,
            max_depth = excluded.max_depth, reason = excluded.reason, created_at = excluded.created_at,
            created_by = excluded.created_by, self_granted = excluded.self_granted
        """;

    private const string DeleteSql = "delete from delegation where realm_id = @realmId and delegation_id = @id";

    public Task<DelegationRecord?> FindAsync(DatabaseSession session, string realmId, string id, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<DelegationRecord>(FindSql, new { realmId, id }, cancellationToken);

    public Task<IReadOnlyList<DelegationRecord>> ListAsync(
        DatabaseSession session, string realmId, PageRange range, CancellationToken cancellationToken) =>
        ListByAsync(session, realmId, new DelegationFilter(), range, cancellationToken);

    /// <summary>Those that match every filter that is set.</summary>
    public Task<IReadOnlyList<DelegationRecord>> ListByAsync(
        DatabaseSession session, string realmId, DelegationFilter filter, PageRange range, CancellationToken cancellationToken) =>
        session.QueryAsync<DelegationRecord>(
            $"{ListSql}{Matching(filter)}{WithinOrganizations.Sql(range, "organization_id")}{InOrder}",
            WithinOrganizations.Parameters(range, Parameters(realmId, filter)),
            cancellationToken);

    /// <summary>How many match every filter that is set.</summary>
    public Task<long> CountByAsync(DatabaseSession session, string realmId, DelegationFilter filter, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<long>($"{CountSql}{Matching(filter)}", Parameters(realmId, filter), cancellationToken);

    public Task<IReadOnlyList<DelegationRecord>> ListChangedAsync(
        DatabaseSession session, string realmId, long afterRevision, CancellationToken cancellationToken) =>
        session.QueryAsync<DelegationRecord>(ListChangedSql, new { realmId, afterRevision }, cancellationToken);

    public Task UpsertAsync(DatabaseSession session, IReadOnlyList<DelegationRecord> resources, CancellationToken cancellationToken)
    {
        var rows = resources.Select(resource => new
        {
            resource.RealmId,
            resource.DelegationId,
            resource.DelegatorId,
            delegateType = StoredNames.Of(resource.DelegateType),
            resource.DelegateId,
            resource.Scopes,
            resource.OrganizationId,
            resource.ExpiresAt,
            resource.MaxDepth,
            resource.Reason,
            resource.CreatedAt,
            resource.CreatedBy,
            resource.SelfGranted,
        });
        return session.ExecuteEachAsync(UpsertSql, rows.ToArray(), cancellationToken);
    }

    public Task DeleteAsync(DatabaseSession session, string realmId, IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        session.ExecuteEachAsync(DeleteSql, ids.Select(id => new { realmId, id }).ToArray(), cancellationToken);

    private static object Parameters(string realmId, DelegationFilter filter)
    {
        var delegateType = filter.DelegateType is { } type ? StoredNames.Of(type) : null;
        return new { realmId, filter.DelegatorId, delegateType, filter.DelegateId, filter.OrganizationId };
    }

    private static string Matching(DelegationFilter filter) => string.Concat(
        filter.DelegatorId is null ? "" : ByDelegator,
        filter.DelegateType is null ? "" : ByDelegate,
        filter.OrganizationId is null ? "" : ByOrganization);
}

/// <summary>Which delegations; null: whichever.</summary>
public sealed record DelegationFilter
{
    public string? DelegatorId { get; init; }

    /// <summary>Set with <see cref="DelegateId"/>.</summary>
    public MemberType? DelegateType { get; init; }

    public string? DelegateId { get; init; }

    /// <summary>Exactly this one, not those above or below.</summary>
    public string? OrganizationId { get; init; }
}
