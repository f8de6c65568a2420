using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.RealmAdmin.Realms;

/// <summary>Erases what a deleted realm consists of, over all tables, a few rows at a time.</summary>
public sealed class ErasureStore
{
    private const string ListSql = """
        select realm_id, created_at, erased from realm
        where deleted and realm_id > @afterId
        order by realm_id limit @limit
        """;

    private const string DelegationsSql = """
        delete from delegation
        where realm_id = @realmId and delegation_id in (select delegation_id from delegation where realm_id = @realmId limit @limit)
        """;

    private const string RoleBindingsSql = """
        delete from role_binding
        where realm_id = @realmId and role_binding_id in (select role_binding_id from role_binding where realm_id = @realmId limit @limit)
        """;

    private const string UsersSql = """
        delete from iam_user
        where realm_id = @realmId and user_id in (select user_id from iam_user where realm_id = @realmId limit @limit)
        """;

    private const string GroupsSql = """
        delete from iam_group
        where realm_id = @realmId and group_id in (select group_id from iam_group where realm_id = @realmId limit @limit)
        """;

    private const string RolesSql = """
        delete from role
        where realm_id = @realmId and role_id in (select role_id from role where realm_id = @realmId limit @limit)
        """;

    private const string ScopesSql = """
        delete from scope
        where realm_id = @realmId and scope in (select scope from scope where realm_id = @realmId limit @limit)
        """;

    private const string ResourceServersSql = """
        delete from resource_server
        where realm_id = @realmId and audience in (select audience from resource_server where realm_id = @realmId limit @limit)
        """;

    private const string ClientsSql = """
        delete from client
        where realm_id = @realmId and client_id in (select client_id from client where realm_id = @realmId limit @limit)
        """;

    private const string InitialAccessTokensSql = """
        delete from initial_access_token
        where realm_id = @realmId and token_id in (select token_id from initial_access_token where realm_id = @realmId limit @limit)
        """;

    private const string ClientRegistrationsSql = """
        delete from client_registration
        where realm_id = @realmId and client_id in (select client_id from client_registration where realm_id = @realmId limit @limit)
        """;

    // Those with nothing below them; the next turn finds those above.
    private const string OrganizationsSql = """
        delete from organization
        where realm_id = @realmId and organization_id in (
            select o.organization_id from organization o
            where o.realm_id = @realmId and not exists (
                select 1 from organization below
                where below.realm_id = o.realm_id and below.parent_organization_id = o.organization_id)
            limit @limit)
        """;

    private const string RequestLogSql = """
        delete from request_log
        where realm_id = @realmId and request_id in (select request_id from request_log where realm_id = @realmId limit @limit)
        """;

    private const string ChangeLogSql = """
        delete from change_log
        where realm_id = @realmId and revision in (
            select revision from change_log where realm_id = @realmId order by revision limit @limit)
        """;

    // Free since the realm was deleted; here so that the list of tables is whole.
    private const string RealmHostSql = "delete from realm_host where realm_id = @realmId";

    private const string IsTakenSql = "select count(1) from realm where realm_id = @realmId and deleted";

    private const string SetErasedSql = "update realm set erased = true where realm_id = @realmId and deleted";

    // The row is what is left to say that the realm is still to be erased, and that its id is taken.
    private const string FreeSql = "delete from realm where realm_id = @realmId and deleted and erased";

    private static readonly string[] InOrder =
    [
        DelegationsSql, RoleBindingsSql, UsersSql, GroupsSql, RolesSql, ScopesSql, ResourceServersSql, InitialAccessTokensSql, ClientRegistrationsSql,
        ClientsSql, OrganizationsSql, RequestLogSql,
        ChangeLogSql, RealmHostSql,
    ];

    /// <summary>How many steps there are: what a later one erases, rows of an earlier one may refer to.</summary>
    public static int Steps => InOrder.Length;

    /// <summary>Deleted realms whose ids are not free yet, in the order of their ids.</summary>
    public Task<IReadOnlyList<DeletedRealm>> ListAsync(DatabaseSession session, string afterId, int limit, CancellationToken cancellationToken) =>
        session.QueryAsync<DeletedRealm>(ListSql, new { afterId, limit }, cancellationToken);

    /// <summary>Whether a realm's id is that of a deleted one which is not free yet.</summary>
    public async Task<bool> IsTakenAsync(DatabaseSession session, string realmId, CancellationToken cancellationToken) =>
        await session.QuerySingleOrDefaultAsync<long>(IsTakenSql, new { realmId }, cancellationToken) > 0;

    /// <summary>Notes that nothing of a deleted realm is left anywhere.</summary>
    public Task<int> SetErasedAsync(DatabaseSession session, string realmId, CancellationToken cancellationToken) =>
        session.ExecuteAsync(SetErasedSql, new { realmId }, cancellationToken);

    /// <summary>Frees the id of a realm of which nothing is left.</summary>
    public Task<int> FreeAsync(DatabaseSession session, string realmId, CancellationToken cancellationToken) =>
        session.ExecuteAsync(FreeSql, new { realmId }, cancellationToken);

    /// <summary>Erases some rows of one step; 0: none are left.</summary>
    public Task<int> EraseAsync(DatabaseSession session, string realmId, int step, int limit, CancellationToken cancellationToken) =>
        session.ExecuteAsync(InOrder[step], new { realmId, limit }, cancellationToken);
}
