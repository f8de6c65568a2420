using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;

namespace Testing.Decisions;

/// <summary>A realm as a list of records, in which everything is searched for from the beginning.</summary>
internal sealed class NaiveRealm(IReadOnlyCollection<IRealmResource> resources)
{
    private static readonly ResourceServer Suite = new()
    {
        RealmId = "",
        Audience = IamPermissions.Audience,
        Permissions = [.. IamPermissions.Assignable.Select(name => new Permission { Name = name })],
    };

    private static readonly Role[] BuiltInRoles =
    [
        new() { RealmId = "", RoleId = IamPermissions.AdministratorRole, Permissions = [.. IamPermissions.Assignable] },
        new()
        {
            RealmId = "",
            RoleId = IamPermissions.ResourceServerRole,
            Permissions = [IamPermissions.PermissionsCheck, IamPermissions.TokensIntrospect],
        },
    ];

    public Realm Realm => All<Realm>().Single();

    public IEnumerable<Role> Roles => All<Role>().Concat(BuiltInRoles);

    public IEnumerable<ResourceServer> ResourceServers => All<ResourceServer>().OrderBy(server => server.Audience, StringComparer.Ordinal).Prepend(Suite);

    public IEnumerable<T> All<T>() => resources.OfType<T>();

    /// <summary>The first resource server that declares it: ours, then by audience.</summary>
    public ResourceServer? Declaring(string permission) =>
        ResourceServers.FirstOrDefault(server => server.Permissions.Any(declared => declared.Name == permission));

    /// <summary>A declared permission is a scope of its own; another name is a bundle, of what is declared.</summary>
    public IReadOnlyList<string> Covered(string scope) => Declaring(scope) is not null
        ? [scope]
        : [.. All<Scope>().Where(bundle => bundle.Name == scope).SelectMany(bundle => bundle.Permissions).Where(permission => Declaring(permission) is not null)];

    /// <summary>Whether a scope says nothing that others do not say.</summary>
    public bool Covers(IReadOnlyList<string> scopes, string scope) =>
        scopes.Contains(scope)
        || (Covered(scope) is { Count: > 0 } covered && covered.All(permission => scopes.Any(own => Covered(own).Contains(permission))));

    public bool IsAtOrBelow(string organizationId, string ceiling) => organizationId == ceiling || IsWithin(organizationId, ceiling);

    public bool IsWithin(string organizationId, string ancestorId) => IsWithin(organizationId, ancestorId, []);

    /// <summary>Whether it and all above it exist and are enabled, up to one that has none above.</summary>
    public bool IsUsable(string organizationId) => IsUsable(organizationId, []);

    public bool IsWelcome(Principal principal) => principal.Type == MemberType.User
        ? All<User>().Any(user => user.UserId == principal.Id && !user.Disabled)
        : All<Client>().Any(client => client.ClientId == principal.Id && !client.Disabled);

    private bool IsWithin(string organizationId, string ancestorId, string[] below) =>
        !below.Contains(organizationId)
        && Find(organizationId) is { } organization
        && (organizationId == ancestorId
            || (organization.ParentOrganizationId is { } parentId && IsWithin(parentId, ancestorId, [.. below, organizationId])));

    private bool IsUsable(string organizationId, string[] below) =>
        !below.Contains(organizationId)
        && Find(organizationId) is { Disabled: false } organization
        && (organization.ParentOrganizationId is not { } parentId || IsUsable(parentId, [.. below, organizationId]));

    private Organization? Find(string organizationId) => All<Organization>().FirstOrDefault(organization => organization.OrganizationId == organizationId);
}
