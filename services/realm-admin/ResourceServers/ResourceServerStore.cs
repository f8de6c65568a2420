using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.ResourceServers;

/// <summary>The tables <c>resource_server</c> and <c>permission</c>.</summary>
public sealed class ResourceServerStore : IResourceStore<ResourceServer>
{
    private const string Columns = "realm_id, audience, display_name, client_id";

    private const string PermissionColumns = "audience, permission, texts";

    private const string Changed = """
        in (select resource_id from change_log
            where realm_id = @realmId and revision > @afterRevision and resource_kind = 'resource_server')
        """;

    private const string FindSql = $"select {Columns} from resource_server where realm_id = @realmId and audience = @id";

    private const string FindPermissionsSql = $"""
        select {PermissionColumns} from permission
        where realm_id = @realmId and audience = @id
        order by permission
        """;

    private const string ListSql = $"""
        select {Columns} from resource_server
        where realm_id = @realmId and audience > @AfterId
        order by audience limit @Limit
        """;

    private const string ListPermissionsSql = $"""
        select {PermissionColumns} from permission
        where realm_id = @realmId and audience > @AfterId and audience <= @lastId
        order by audience, permission
        """;

    private const string ListChangedSql = $"""
        select {Columns} from resource_server
        where realm_id = @realmId and audience {Changed}
        order by audience
        """;

    private const string ListChangedPermissionsSql = $"""
        select {PermissionColumns} from permission
        where realm_id = @realmId and audience {Changed}
        order by audience, permission
        """;

    private const string UpsertSql = """
        insert into resource_server (realm_id, audience, display_name, client_id)
        values (@RealmId, @Audience, @DisplayName, @ClientId)
        on conflict (realm_id, audience) do update
        set display_name = excluded.display_name, client_id = excluded.client_id
        """;

    private const string ClearPermissionsSql = "delete from permission where realm_id = @RealmId and audience = @Audience";

    private const string AddPermissionSql = """
        insert into permission (realm_id, permission, audience, texts)
        values (@RealmId, @Name, @Audience, @Texts)
        """;

    private const string DeleteSql = "delete from resource_server where realm_id = @realmId and audience = @id";

    public async Task<ResourceServer?> FindAsync(DatabaseSession session, string realmId, string id, CancellationToken cancellationToken)
    {
        var server = await session.QuerySingleOrDefaultAsync<ResourceServer>(FindSql, new { realmId, id }, cancellationToken);
        return server is null
            ? null
            : (await WithPermissionsAsync(session, [server], FindPermissionsSql, new { realmId, id }, cancellationToken))[0];
    }

    public async Task<IReadOnlyList<ResourceServer>> ListAsync(
        DatabaseSession session, string realmId, PageRange range, CancellationToken cancellationToken)
    {
        var servers = await session.QueryAsync<ResourceServer>(ListSql, new { realmId, range.AfterId, range.Limit }, cancellationToken);
        var permissions = new { realmId, range.AfterId, lastId = servers is [.., var last] ? last.Audience : "" };
        return await WithPermissionsAsync(session, servers, ListPermissionsSql, permissions, cancellationToken);
    }

    public async Task<IReadOnlyList<ResourceServer>> ListChangedAsync(
        DatabaseSession session, string realmId, long afterRevision, CancellationToken cancellationToken)
    {
        var servers = await session.QueryAsync<ResourceServer>(ListChangedSql, new { realmId, afterRevision }, cancellationToken);
        return await WithPermissionsAsync(session, servers, ListChangedPermissionsSql, new { realmId, afterRevision }, cancellationToken);
    }

    public async Task UpsertAsync(DatabaseSession session, IReadOnlyList<ResourceServer> resources, CancellationToken cancellationToken)
    {
        await session.ExecuteEachAsync(UpsertSql, resources, cancellationToken);
        await session.ExecuteEachAsync(ClearPermissionsSql, resources, cancellationToken);
        var permissions = resources.SelectMany(resource => resource.Permissions.Select(permission => new
        {
            resource.RealmId,
            permission.Name,
            resource.Audience,
            permission.Texts,
        }));
        await session.ExecuteEachAsync(AddPermissionSql, permissions.ToArray(), cancellationToken);
    }

    public Task DeleteAsync(DatabaseSession session, string realmId, IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        session.ExecuteEachAsync(DeleteSql, ids.Select(id => new { realmId, id }).ToArray(), cancellationToken);

    private static async Task<IReadOnlyList<ResourceServer>> WithPermissionsAsync(
        DatabaseSession session, IReadOnlyList<ResourceServer> servers, string sql, object parameters, CancellationToken cancellationToken)
    {
        if (servers.Count == 0)
        {
            return [];
        }

        var rows = await session.QueryAsync<PermissionRow>(sql, parameters, cancellationToken);
        var permissions = rows.ToLookup(row => row.Audience, row => new Permission { Name = row.Permission, Texts = row.Texts });
        return [.. servers.Select(server => server with { Permissions = [.. permissions[server.Audience]] })];
    }

    private sealed record PermissionRow
    {
        public required string Audience { get; init; }

        public required string Permission { get; init; }

        public required ValueList<ScopeText> Texts { get; init; }
    }
}
