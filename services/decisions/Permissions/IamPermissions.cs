namespace Pltfrms.Iam.Common.Permissions;

/// <summary>The permissions of this suite's own API. Every realm has them, declared by the built-in resource server <see cref="Audience"/>.</summary>
public static class IamPermissions
{
    /// <summary>The suite as a resource server.</summary>
    public const string Audience = "urn:pltfrms:iam";

    /// <summary>Built-in role: every permission here but those that only operators and services have.</summary>
    public const string AdministratorRole = "iam-administrator";

    /// <summary>Built-in role of a resource server: introspect tokens and check permissions.</summary>
    public const string ResourceServerRole = "iam-resource-server";

    public const string TokensIntrospect = "iam.tokens.introspect";
    public const string TokensRevoke = "iam.tokens.revoke";

    /// <summary>To read which tokens were issued, refused and revoked, and who acted for whom with them.</summary>
    public const string TokensAudit = "iam.tokens.audit";

    /// <summary>To get tokens of others as if they acted themselves, where a rule of the realm's token exchange allows it.</summary>
    public const string TokensImpersonate = "iam.tokens.impersonate";

    public const string PermissionsCheck = "iam.permissions.check";
    public const string RealmsRead = "iam.realms.read";
    public const string RealmsWrite = "iam.realms.write";
    public const string ClientsRead = "iam.clients.read";
    public const string ClientsWrite = "iam.clients.write";
    public const string ResourceServersRead = "iam.resource_servers.read";
    public const string ResourceServersWrite = "iam.resource_servers.write";
    public const string ScopesRead = "iam.scopes.read";
    public const string ScopesWrite = "iam.scopes.write";
    public const string ScopesExplain = "iam.scopes.explain";
    public const string RolesRead = "iam.roles.read";
    public const string RolesWrite = "iam.roles.write";
    public const string GroupsRead = "iam.groups.read";
    public const string GroupsWrite = "iam.groups.write";
    public const string OrganizationsRead = "iam.organizations.read";
    public const string OrganizationsWrite = "iam.organizations.write";
    public const string UsersRead = "iam.users.read";
    public const string UsersWrite = "iam.users.write";
    public const string RoleBindingsRead = "iam.role_bindings.read";
    public const string RoleBindingsWrite = "iam.role_bindings.write";
    public const string ConsentsRead = "iam.consents.read";
    public const string ConsentsWrite = "iam.consents.write";

    /// <summary>For a realm's own consent user interface.</summary>
    public const string ConsentsAnswer = "iam.consents.answer";

    /// <summary>A scope for users' own decisions: with it a token of a user reads and changes those of that user, without a role.</summary>
    public const string ConsentsSelf = "iam.consents.self";

    public const string DelegationsRead = "iam.delegations.read";
    public const string DelegationsWrite = "iam.delegations.write";

    /// <summary>A scope for users' own delegations: with it a token of a user lists, grants and revokes those of that user, without a role.</summary>
    public const string DelegationsSelf = "iam.delegations.self";

    /// <summary>Services only: grants and revokes delegations for a user who is there.</summary>
    public const string DelegationsRelay = "iam.delegations.relay";

    public const string GrantsRead = "iam.grants.read";
    public const string GrantsRevoke = "iam.grants.revoke";

    /// <summary>For a realm's own login application: whoever has it can log in as anybody.</summary>
    public const string LoginsAnswer = "iam.logins.answer";

    public const string KeysRead = "iam.keys.read";

    /// <summary>Rotate and revoke: whoever has it can end every token of the realm.</summary>
    public const string KeysWrite = "iam.keys.write";

    public const string AuditRead = "iam.audit.read";

    /// <summary>Services only: writes the head of another chain into the realm's.</summary>
    public const string AuditAnchor = "iam.audit.anchor";

    /// <summary>Services only: writes down in the realm's audit trail what happened elsewhere.</summary>
    public const string AuditRecord = "iam.audit.record";

    /// <summary>Services only: runs the pipeline for a user who is logged in.</summary>
    public const string ConsentsStart = "iam.consents.start";

    /// <summary>Services only: finds the user behind a login at the realm's OpenID provider, and makes one where the realm says so.</summary>
    public const string UsersResolve = "iam.users.resolve";

    /// <summary>Services only: registers clients within the realm's policy, for whoever has the tokens that the policy asks for.</summary>
    public const string ClientsRegister = "iam.clients.register";

    /// <summary>Built-in role of the realm that administers realms: all of <see cref="AcrossRealms"/>.</summary>
    public const string PlatformAdministratorRole = "iam-platform-administrator";

    /// <summary>Operators, and the platform realm's administrators: spans realms.</summary>
    public const string RealmsList = "iam.realms.list";

    /// <summary>Operators, and the platform realm's administrators.</summary>
    public const string RealmsCreate = "iam.realms.create";

    /// <summary>Operators, and the platform realm's administrators.</summary>
    public const string RealmsDelete = "iam.realms.delete";

    /// <summary>Services only: erases what is left of a deleted realm.</summary>
    public const string RealmsErase = "iam.realms.erase";

    /// <summary>Services only: the stream holds hashed secrets.</summary>
    public const string RealmsWatch = "iam.realms.watch";

    /// <summary>What a realm's own principals can be given.</summary>
    public static IReadOnlyList<string> Assignable { get; } =
    [
        AuditRead, ClientsRead, ClientsWrite, ConsentsAnswer, ConsentsRead, ConsentsSelf, ConsentsWrite, DelegationsRead,
        DelegationsSelf, DelegationsWrite, GrantsRead, GrantsRevoke, GroupsRead, GroupsWrite,
        KeysRead, KeysWrite, LoginsAnswer, OrganizationsRead, OrganizationsWrite, PermissionsCheck,
        RealmsRead, RealmsWrite, ResourceServersRead, ResourceServersWrite, RoleBindingsRead, RoleBindingsWrite, RolesRead, RolesWrite,
        ScopesExplain, ScopesRead, ScopesWrite, TokensAudit, TokensImpersonate, TokensIntrospect, TokensRevoke, UsersRead, UsersWrite,
    ];

    /// <summary>What the platform realm's principals can be given besides.</summary>
    public static IReadOnlyList<string> AssignableOnPlatform { get; } = [RealmsCreate, RealmsDelete, RealmsList];

    /// <summary>What the platform realm's principals may do in all realms, where they hold it in their own. Everything else ends with the realm.</summary>
    public static IReadOnlyList<string> AcrossRealms { get; } = [RealmsCreate, RealmsDelete, RealmsList, RealmsRead, RealmsWrite];

    /// <summary>What a realm's own principals can be given.</summary>
    public static IReadOnlyList<string> AssignableIn(bool platform) =>
        platform ? [.. Assignable.Concat(AssignableOnPlatform).Order(StringComparer.Ordinal)] : Assignable;
}
