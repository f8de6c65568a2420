namespace Pltfrms.Iam.Common.Permissions;

/// <summary>The permissions of this suite's own API. Every realm has them, declared by the built-in resource server <see cref="Audience"/>.</summary>
public static class IamPermissions
{
    /// <summary>The suite as a resource server.</summary>
    public const string Audience = "urn:pltfrms:iam";

    /// <summary>Built-in role: every permission here but the two that only operators and services have.</summary>
    public const string AdministratorRole = "iam-administrator";

    /// <summary>Built-in role of a resource server: introspect tokens and check permissions.</summary>
    public const string ResourceServerRole = "iam-resource-server";

    public const string TokensIntrospect = "iam.tokens.introspect";
    public const string TokensRevoke = "iam.tokens.revoke";
    public const string PermissionsCheck = "iam.permissions.check";
    public const string RealmsRead = "iam.realms.read";
    public const string RealmsWrite = "iam.realms.write";
    public const string ClientsRead = "iam.clients.read";
    public const string ResourceServersRead = "iam.resource_servers.read";
    public const string ScopesRead = "iam.scopes.read";
    public const string ScopesExplain = "iam.scopes.explain";
    public const string RolesRead = "iam.roles.read";
    public const string GroupsRead = "iam.groups.read";
    public const string OrganizationsRead = "iam.organizations.read";
    public const string UsersRead = "iam.users.read";
    public const string RoleBindingsRead = "iam.role_bindings.read";
    public const string ConsentsRead = "iam.consents.read";
    public const string AuditRead = "iam.audit.read";

    /// <summary>Operators only: spans realms.</summary>
    public const string RealmsList = "iam.realms.list";

    /// <summary>Services only: the stream holds hashed secrets.</summary>
    public const string RealmsWatch = "iam.realms.watch";

    /// <summary>What a realm's own principals can be given.</summary>
    public static IReadOnlyList<string> Assignable { get; } =
    [
        AuditRead, ClientsRead, ConsentsRead, GroupsRead, OrganizationsRead, PermissionsCheck, RealmsRead, RealmsWrite, ResourceServersRead,
        RoleBindingsRead, RolesRead, ScopesExplain, ScopesRead, TokensIntrospect, TokensRevoke, UsersRead,
    ];
}
