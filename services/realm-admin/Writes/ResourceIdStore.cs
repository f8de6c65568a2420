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

    private const string ScopeOwnerSql = """
        select scope as id, 'scope' as kind from scope where realm_id = @realmId and lower(scope) = lower(@id)
        union all
        select audience as id, 'resource_server' as kind from permission where realm_id = @realmId and lower(permission) = lower(@id)
        """;

    private const string IdentitySql =
        "select user_id from external_identity where realm_id = @realmId and issuer = @Issuer and subject = @Subject";

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

    private sealed record OwnerRow
    {
        public required string Id { get; init; }

        public required string Kind { get; init; }
    }
}
