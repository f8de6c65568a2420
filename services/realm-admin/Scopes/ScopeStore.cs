using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Scopes;

/// <summary>The table <c>scope</c>: bundled scopes. A permission's own scope has no row here.</summary>
public sealed class ScopeStore : IResourceStore<Scope>
{
    private const string Columns = "realm_id, scope as name, permissions, texts";

    private const string FindSql = $"select {Columns} from scope where realm_id = @realmId and scope = @id";

    private const string ListSql = $"""
        select {Columns} from scope
        where realm_id = @realmId and scope > @AfterId
        order by scope limit @Limit
        """;

    private const string ListChangedSql = $"""
        select {Columns} from scope
        where realm_id = @realmId and scope in (
            select resource_id from change_log
            where realm_id = @realmId and revision > @afterRevision and resource_kind = 'scope')
        order by scope
        """;

    private const string UpsertSql = """
        insert into scope (realm_id, scope, permissions, texts)
        values (@RealmId, @Name, @Permissions, @Texts)
        on conflict (realm_id, scope) do update
        set permissions = excluded.permissions, texts = excluded.texts
        """;

    private const string DeleteSql = "delete from scope where realm_id = @realmId and scope = @id";

    public Task<Scope?> FindAsync(DatabaseSession session, string realmId, string id, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<Scope>(FindSql, new { realmId, id }, cancellationToken);

    public Task<IReadOnlyList<Scope>> ListAsync(
        DatabaseSession session, string realmId, PageRange range, CancellationToken cancellationToken) =>
        session.QueryAsync<Scope>(ListSql, new { realmId, range.AfterId, range.Limit }, cancellationToken);

    public Task<IReadOnlyList<Scope>> ListChangedAsync(
        DatabaseSession session, string realmId, long afterRevision, CancellationToken cancellationToken) =>
        session.QueryAsync<Scope>(ListChangedSql, new { realmId, afterRevision }, cancellationToken);

    public Task UpsertAsync(DatabaseSession session, IReadOnlyList<Scope> resources, CancellationToken cancellationToken) =>
        session.ExecuteEachAsync(UpsertSql, resources, cancellationToken);

    public Task DeleteAsync(DatabaseSession session, string realmId, IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        session.ExecuteEachAsync(DeleteSql, ids.Select(id => new { realmId, id }).ToArray(), cancellationToken);
}
