using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Realms;

/// <summary>
/// A realm at one revision, compiled for reading: immutable, shared by all requests, replaced by the next revision's.
/// References to resources that do not exist are ignored: they give nothing and break nothing.
/// </summary>
public sealed class RealmSnapshot
{
    private readonly RealmVocabulary _vocabulary;
    private readonly ResourceTable<Client> _clients;
    private readonly ResourceTable<User> _users;
    private readonly ResourceTable<Group> _groups;
    private readonly ResourceTable<Organization> _organizations;
    private readonly RoleBindingTable _roleBindings;
    private readonly ResourceTable<DelegationRecord> _delegations;
    private readonly AccessCache _access = new();

    internal RealmSnapshot(long revision, RealmSnapshotBuilder resources)
    {
        Realm = resources.Vocabulary.Realm ?? throw new InvalidDataException("The snapshot has no realm.");
        Revision = revision;
        _vocabulary = RealmVocabulary.Empty(Realm)
            .With(Realm, resources.Vocabulary.ResourceServers, resources.Vocabulary.Scopes, resources.Vocabulary.Roles);
        _clients = new(resources.Clients.Build());
        _users = new(resources.Users.Build());
        _groups = new(resources.Groups.Build());
        _organizations = new(resources.Organizations.Build());
        _roleBindings = resources.RoleBindings.Build();
        _delegations = new(resources.Delegations.Build());
    }

    private RealmSnapshot(RealmSnapshot before, long revision, RealmChanges changes)
    {
        Realm = changes.Realm ?? before.Realm;
        Revision = revision;
        _vocabulary = before._vocabulary.With(Realm, changes.ResourceServers, changes.Scopes, changes.Roles);
        _clients = before._clients.With(changes.Clients);
        _users = before._users.With(changes.Users);
        _groups = before._groups.With(changes.Groups);
        _organizations = before._organizations.With(changes.Organizations);
        _roleBindings = before._roleBindings.With(changes.RoleBindings);
        _delegations = before._delegations.With(changes.Delegations);
    }

    public string RealmId => Realm.RealmId;

    public long Revision { get; }

    public Realm Realm { get; }

    /// <summary>Compiles a whole realm.</summary>
    /// <exception cref="InvalidDataException">The realm itself is not among the resources.</exception>
    public static RealmSnapshot Create(long revision, IEnumerable<IRealmResource> resources)
    {
        var builder = new RealmSnapshotBuilder();
        foreach (var resource in resources)
        {
            builder.Add(resource);
        }

        return builder.Build(revision);
    }

    /// <summary>The same realm at a later revision; what did not change is shared.</summary>
    public RealmSnapshot Apply(long revision, IEnumerable<IRealmResource> upserts, IEnumerable<(ResourceKind Kind, string Id)> deletes) =>
        new(this, revision, new RealmChanges(upserts, deletes));

    /// <summary>All stored resources of a kind, in no order.</summary>
    public IEnumerable<IRealmResource> All(ResourceKind kind) => kind switch
    {
        ResourceKind.Realm => [Realm],
        ResourceKind.Client => _clients.Values,
        ResourceKind.ResourceServer => _vocabulary.StoredResourceServers.Values,
        ResourceKind.Scope => _vocabulary.StoredScopes.Values,
        ResourceKind.Role => _vocabulary.StoredRoles.Values,
        ResourceKind.Group => _groups.Values,
        ResourceKind.Organization => _organizations.Values,
        ResourceKind.User => _users.Values,
        ResourceKind.RoleBinding => _roleBindings.Values,
        ResourceKind.Delegation => _delegations.Values,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind"),
    };

    /// <summary>A stored resource.</summary>
    public IRealmResource? Find(ResourceKind kind, string id) => kind switch
    {
        ResourceKind.Realm => Realm,
        ResourceKind.Client => _clients.Find(id),
        ResourceKind.ResourceServer => _vocabulary.StoredResourceServers.GetValueOrDefault(id),
        ResourceKind.Scope => _vocabulary.StoredScopes.GetValueOrDefault(id),
        ResourceKind.Role => _vocabulary.StoredRoles.GetValueOrDefault(id),
        ResourceKind.Group => _groups.Find(id),
        ResourceKind.Organization => _organizations.Find(id),
        ResourceKind.User => _users.Find(id),
        ResourceKind.RoleBinding => _roleBindings.Find(id),
        ResourceKind.Delegation => _delegations.Find(id),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind"),
    };

    /// <summary>All clients, in no order.</summary>
    public IEnumerable<Client> Clients => _clients.Values;

    /// <summary>All users, in no order.</summary>
    public IEnumerable<User> Users => _users.Values;

    public Client? FindClient(string clientId) => _clients.Find(clientId);

    public User? FindUser(string userId) => _users.Find(userId);

    public Group? FindGroup(string groupId) => _groups.Find(groupId);

    public Organization? FindOrganization(string organizationId) => _organizations.Find(organizationId);

    public DelegationRecord? FindDelegation(string delegationId) => _delegations.Find(delegationId);

    /// <summary>All but the built-in one.</summary>
    public IEnumerable<ResourceServer> ResourceServers => _vocabulary.StoredResourceServers.Values;

    public ResourceServer? FindResourceServer(string audience) => _vocabulary.ResourceServers.GetValueOrDefault(audience);

    public Role? FindRole(string roleId) => _vocabulary.Roles.GetValueOrDefault(roleId);

    /// <summary>A bundled scope's record; null for a permission's own scope.</summary>
    public Scope? FindBundledScope(string scope) => _vocabulary.StoredScopes.GetValueOrDefault(scope);

    /// <summary>The resource server that declares a permission; null: nobody does.</summary>
    public ResourceServer? FindDeclaringResourceServer(string permission) => _vocabulary.FindDeclaring(permission);

    /// <summary>Whether a scope of this name can be granted: a bundled scope, or a permission's own.</summary>
    public bool HasScope(string scope) => _vocabulary.HasScope(scope);

    /// <summary>What a scope covers, sorted; empty for an unknown one.</summary>
    public ValueList<string> PermissionsOfScope(string scope) => _vocabulary.FindScope(scope).Permissions;

    /// <summary>The audiences of the resource servers that declare what a scope covers, sorted; empty for an unknown one.</summary>
    public ValueList<string> AudiencesOfScope(string scope) => _vocabulary.FindScope(scope).Audiences;

    /// <summary>Whether a scope covers a permission.</summary>
    public bool ScopeCovers(string scope, string permission)
    {
        foreach (var covered in _vocabulary.FindScope(scope).Permissions)
        {
            if (covered == permission)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether an organization is another or below it.</summary>
    public bool IsWithin(string organizationId, string ancestorId)
    {
        // More steps than there are organizations would be a cycle.
        var organization = FindOrganization(organizationId);
        for (var steps = 0; organization is not null && steps < _organizations.Count; steps++)
        {
            if (organization.OrganizationId == ancestorId)
            {
                return true;
            }

            organization = ParentOf(organization);
        }

        return false;
    }

    /// <summary>Whether an organization and all those above it exist and are enabled.</summary>
    public bool IsUsableOrganization(string organizationId)
    {
        var organization = FindOrganization(organizationId);
        for (var steps = 0; organization is { Disabled: false } && steps < _organizations.Count; steps++)
        {
            if (organization.ParentOrganizationId is null)
            {
                return true;
            }

            organization = ParentOf(organization);
        }

        return false;
    }

    /// <summary>An organization and those above it, from below; empty for one that does not exist.</summary>
    internal IReadOnlyList<string> AncestorsAndSelf(string? organizationId)
    {
        var ancestors = new List<string>();
        var organization = organizationId is null ? null : FindOrganization(organizationId);
        while (organization is not null && ancestors.Count < _organizations.Count)
        {
            ancestors.Add(organization.OrganizationId);
            organization = ParentOf(organization);
        }

        return ancestors;
    }

    internal CompiledRole? FindCompiledRole(string roleId) => _vocabulary.FindRole(roleId);

    internal IReadOnlyList<RoleBinding> FindRoleBindings(MemberType memberType, string memberId, string? organizationId) =>
        _roleBindings.Find(memberType, memberId, organizationId);

    /// <summary>What a principal holds in a context; compiled on first use.</summary>
    internal PrincipalAccess AccessOf(Principal principal, string? organizationId) => _access.Get(this, principal, organizationId);

    private Organization? ParentOf(Organization organization) =>
        organization.ParentOrganizationId is { } parentId ? FindOrganization(parentId) : null;
}
