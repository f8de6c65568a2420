using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Organizations;

/// <summary>The table <c>organization</c>.</summary>
public sealed class OrganizationStore : IResourceStore<Organization>
{
    private const string Columns = "realm_id, organization_id, display_name, parent_organization_id, disabled";

    private const string FindSql = $"select {Columns} from organization where realm_id = @realmId and organization_id = @id";

    private const string ListSql = $"""
        select {Columns} from organization
        where realm_id = @realmId and organization_id > @AfterId
        """;

    private const string InOrder = " order by organization_id limit @Limit";

    private const string ListChangedSql = $"""
        select {Columns} from organization
        where realm_id = @realmId and organization_id in (
            select resource_id from change_log
            where realm_id = @realmId and revision > @afterRevision and resource_kind = 'organization')
        order by organization_id
        """;

    private const string UpsertSql = """
        insert into organization (realm_id, organization_id, display_name, parent_organization_id, disabled)
        values (@RealmId, @OrganizationId, @DisplayName, @ParentOrganizationId, @Disabled)
        on conflict (realm_id, organization_id) do update
        set display_name = excluded.display_name, parent_organization_id = excluded.parent_organization_id, disabled = excluded.disabled
        """;

    private const string DeleteSql = "delete from organization where realm_id = @realmId and organization_id = @id";

    public Task<Organization?> FindAsync(DatabaseSession session, string realmId, string id, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<Organization>(FindSql, new { realmId, id }, cancellationToken);

    public Task<IReadOnlyList<Organization>> ListAsync(
        DatabaseSession session, string realmId, PageRange range, CancellationToken cancellationToken) =>
        session.QueryAsync<Organization>(
            $"{ListSql}{WithinOrganizations.Sql(range, "organization_id")}{InOrder}", WithinOrganizations.Parameters(range, new { realmId }), cancellationToken);

    public Task<IReadOnlyList<Organization>> ListChangedAsync(
        DatabaseSession session, string realmId, long afterRevision, CancellationToken cancellationToken) =>
        session.QueryAsync<Organization>(ListChangedSql, new { realmId, afterRevision }, cancellationToken);

    public Task UpsertAsync(DatabaseSession session, IReadOnlyList<Organization> resources, CancellationToken cancellationToken) =>
        session.ExecuteEachAsync(UpsertSql, resources, cancellationToken);

    public Task DeleteAsync(DatabaseSession session, string realmId, IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        session.ExecuteEachAsync(DeleteSql, ids.Select(id => new { realmId, id }).ToArray(), cancellationToken);
}
