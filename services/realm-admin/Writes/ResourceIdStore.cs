using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Documents;

namespace Pltfrms.Iam.RealmAdmin.Writes;

/// <summary>Which ids are taken, over all tables. People take ids that differ in case only for each other, so case does not count.</summary>
public sealed class ResourceIdStore
{
    private const string ClientSql = "select client_id from client where realm_id = @realmId and lower(client_id) = lower(@id)";

    private const string ResourceServerSql = "select audience from resource_server where realm_id = @realmId and lower(audience) = lower(@id)";

    private const string PermissionSql = "select permission from permission where realm_id = @realmId and lower(permission) = lower(@id)";

    private const string ScopeSql = """
        select scope from scope where realm_id = @realmId and lower(scope) = lower(@id)
        union all
        select permission from permission where realm_id = @realmId and lower(permission) = lower(@id)
        """;

    private const string RoleSql = "select role_id from role where realm_id = @realmId and lower(role_id) = lower(@id)";

    private const string GroupSql = "select group_id from iam_group where realm_id = @realmId and lower(group_id) = lower(@id)";

    private const string OrganizationSql =
        "select organization_id from organization where realm_id = @realmId and lower(organization_id) = lower(@id)";

    private const string UserSql = "select user_id from iam_user where realm_id = @realmId and lower(user_id) = lower(@id)";

    private const string RoleBindingSql =
        "select role_binding_id from role_binding where realm_id = @realmId and lower(role_binding_id) = lower(@id)";

    private const string DelegationSql =
        "select delegation_id from delegation where realm_id = @realmId and lower(delegation_id) = lower(@id)";

    private const string ScopeOwnerSql = """
        select scope as id, 'scope' as kind from scope where realm_id = @realmId and lower(scope) = lower(@id)
        union all
        select audience as id, 'resource_server' as kind from permission where realm_id = @realmId and lower(permission) = lower(@id)
        """;

    private const string IdentitySql =
        "select user_id from external_identity where realm_id = @realmId and issuer = @Issuer and subject = @Subject";

    // How each of the next begins, an index for each; the engines have no common way to go on with a list.
    private const string AnyOfPostgres = " = any(@ids)";

    private const string AnyOfSqlite = " in (select value from json_each(@ids))";

    private const string ClientsSql = "select client_id from client where realm_id = @realmId and lower(client_id)";

    private const string RolesSql = "select role_id from role where realm_id = @realmId and lower(role_id)";

    private const string GroupsSql = "select group_id from iam_group where realm_id = @realmId and lower(group_id)";

    private const string OrganizationsSql =
        "select organization_id from organization where realm_id = @realmId and lower(organization_id)";

    private const string UsersSql = "select user_id from iam_user where realm_id = @realmId and lower(user_id)";

    private const string RoleBindingsSql =
        "select role_binding_id from role_binding where realm_id = @realmId and lower(role_binding_id)";

    private const string DelegationsSql =
        "select delegation_id from delegation where realm_id = @realmId and lower(delegation_id)";

    private const string IdentitiesSql = """
        select issuer, subject, user_id from external_identity
        where realm_id = @realmId and issuer = @issuer and subject
        """;

    private const int IdsPerStatement = 500;

    /// <summary>Those of many ids of a kind that are taken, as they are stored.</summary>
    /// <param name="session">Where.</param>
    /// <param name="realmId">The realm.</param>
    /// <param name="kind">Of the kinds that a realm has many of.</param>
    /// <param name="ids">In ASCII and lower case.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<string>> ListAsync(
        DatabaseSession session, string realmId, ReferenceKind kind, IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        var sql = kind switch
        {
            ReferenceKind.Client => ClientsSql,
            ReferenceKind.Role => RolesSql,
            ReferenceKind.Group => GroupsSql,
            ReferenceKind.Organization => OrganizationsSql,
            ReferenceKind.User => UsersSql,
            ReferenceKind.RoleBinding => RoleBindingsSql,
            ReferenceKind.Delegation => DelegationsSql,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "has no statement"),
        };
        List<string> found = [];
        foreach (var chunk in ids.Chunk(IdsPerStatement))
        {
            found.AddRange(await session.QueryAsync<string>(AnyOf(session, sql), new { realmId, ids = chunk.ToValueList() }, cancellationToken));
        }

        return found;
    }

    /// <summary>Those of a provider's subjects that are somebody's, with whom they are.</summary>
    public async Task<IReadOnlyList<(ExternalIdentity Identity, string UserId)>> ListUsersAsync(
        DatabaseSession session, string realmId, string issuer, IReadOnlyCollection<string> subjects, CancellationToken cancellationToken)
    {
        List<(ExternalIdentity, string)> found = [];
        foreach (var chunk in subjects.Chunk(IdsPerStatement))
        {
            var rows = await session.QueryAsync<IdentityRow>(AnyOf(session, IdentitiesSql), new { realmId, issuer, ids = chunk.ToValueList() }, cancellationToken);
            found.AddRange(rows.Select(row => (new ExternalIdentity { Issuer = row.Issuer, Subject = row.Subject }, row.UserId)));
        }

        return found;
    }

    /// <summary>The id as it is stored; of several, the one of the same case; null where it is free.</summary>
    public async Task<string?> FindAsync(
        DatabaseSession session, string realmId, ReferenceKind kind, string id, CancellationToken cancellationToken)
    {
        var sql = kind switch
        {
            ReferenceKind.Client => ClientSql,
            ReferenceKind.ResourceServer => ResourceServerSql,
            ReferenceKind.Permission => PermissionSql,
            ReferenceKind.Scope => ScopeSql,
            ReferenceKind.Role => RoleSql,
            ReferenceKind.Group => GroupSql,
            ReferenceKind.Organization => OrganizationSql,
            ReferenceKind.User => UserSql,
            ReferenceKind.RoleBinding => RoleBindingSql,
            ReferenceKind.Delegation => DelegationSql,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "has no table"),
        };
        var found = await session.QueryAsync<string>(sql, new { realmId, id }, cancellationToken);
        return found.Contains(id) ? id : found is [var other, ..] ? other : null;
    }

    /// <summary>What has a scope of this name: a bundled scope, or a resource server that declares the permission; null where it is free.</summary>
    public async Task<(string Kind, string Id)?> FindScopeOwnerAsync(
        DatabaseSession session, string realmId, string id, CancellationToken cancellationToken)
    {
        var owners = await session.QueryAsync<OwnerRow>(ScopeOwnerSql, new { realmId, id }, cancellationToken);
        return owners is [var owner, ..] ? (owner.Kind, owner.Id) : null;
    }

    /// <summary>The user who is somebody at a provider; null where nobody is.</summary>
    public Task<string?> FindUserAsync(
        DatabaseSession session, string realmId, ExternalIdentity identity, CancellationToken cancellationToken) =>
        session.QuerySingleOrDefaultAsync<string>(IdentitySql, new { realmId, identity.Issuer, identity.Subject }, cancellationToken);

    private static string AnyOf(DatabaseSession session, string sql) =>
        sql + (session.Engine == DatabaseEngine.Postgres ? AnyOfPostgres : AnyOfSqlite);

    private sealed record IdentityRow
    {
        public required string Issuer { get; init; }

        public required string Subject { get; init; }

        public required string UserId { get; init; }
    }

    private sealed record OwnerRow
    {
        public required string Id { get; init; }

        public required string Kind { get; init; }
    }
}
