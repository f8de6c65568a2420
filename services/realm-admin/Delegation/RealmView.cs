using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Delegations;
using Pltfrms.Iam.RealmAdmin.RoleBindings;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Delegation;

/// <summary>
/// What a question about one change or one caller needs of a realm, read when it is asked for and not twice. It is good for one question:
/// the next change may make it old.
/// </summary>
public sealed class RealmView(RealmTables tables, RoleBindingStore bindings, DatabaseSession session, string realmId, bool platform)
{
    private static readonly DelegationStore Delegations = new();

    private readonly Dictionary<(ResourceKind Kind, string Id), IRealmResource?> _read = [];
    private readonly Dictionary<string, IReadOnlySet<string>> _permissionsByRole = new(StringComparer.Ordinal);

    public async Task<T?> FindAsync<T>(ResourceKind kind, string id, CancellationToken cancellationToken)
        where T : class, IRealmResource
    {
        if (!_read.TryGetValue((kind, id), out var resource))
        {
            resource = await tables.FindAsync(session, kind, realmId, id, cancellationToken);
            _read.Add((kind, id), resource);
        }

        return (T?)resource;
    }

    /// <summary>An organization and those above it, from below; empty for none.</summary>
    public async Task<IReadOnlyList<string>> AncestorsAndSelfAsync(string? organizationId, CancellationToken cancellationToken)
    {
        List<string> found = [];
        var id = organizationId;
        while (id is not null && !found.Contains(id) && await FindAsync<Organization>(ResourceKind.Organization, id, cancellationToken) is { } organization)
        {
            found.Add(id);
            id = organization.ParentOrganizationId;
        }

        return found;
    }

    /// <summary>Whether neither the organization nor one above it is disabled.</summary>
    public async Task<bool> IsUsableAsync(string organizationId, CancellationToken cancellationToken)
    {
        var ids = await AncestorsAndSelfAsync(organizationId, cancellationToken);
        foreach (var id in ids)
        {
            if (await FindAsync<Organization>(ResourceKind.Organization, id, cancellationToken) is not { Disabled: false })
            {
                return false;
            }
        }

        return ids.Count > 0;
    }

    /// <summary>Groups and all that they are nested in.</summary>
    public async Task<IReadOnlySet<string>> GroupsAndAboveAsync(IEnumerable<string> groupIds, CancellationToken cancellationToken)
    {
        HashSet<string> found = new(groupIds, StringComparer.Ordinal);
        Queue<string> open = new(found);
        while (open.TryDequeue(out var id))
        {
            var group = await FindAsync<Group>(ResourceKind.Group, id, cancellationToken);
            foreach (var parent in (group?.ParentGroupIds ?? []).Where(found.Add))
            {
                open.Enqueue(parent);
            }
        }

        return found;
    }

    /// <summary>What a role gives, with the roles that it includes.</summary>
    public async Task<IReadOnlySet<string>> PermissionsOfRoleAsync(string roleId, CancellationToken cancellationToken)
    {
        if (_permissionsByRole.TryGetValue(roleId, out var known))
        {
            return known;
        }

        var role = BuiltInResources.RolesOf(realmId, platform).FirstOrDefault(builtIn => builtIn.RoleId == roleId)
            ?? await FindAsync<Role>(ResourceKind.Role, roleId, cancellationToken);
        IReadOnlySet<string> permissions = role is null ? new HashSet<string>() : await PermissionsOfRoleAsync(role, cancellationToken);
        _permissionsByRole.TryAdd(roleId, permissions);
        return permissions;
    }

    /// <summary>What a role would give that is not stored like this, perhaps. Roles never include each other in a circle.</summary>
    public async Task<IReadOnlySet<string>> PermissionsOfRoleAsync(Role role, CancellationToken cancellationToken)
    {
        HashSet<string> permissions = new(role.Permissions, StringComparer.Ordinal);
        foreach (var included in role.IncludedRoleIds)
        {
            permissions.UnionWith(await PermissionsOfRoleAsync(included, cancellationToken));
        }

        return permissions;
    }

    /// <summary>What a scope covers: the permission of its name, or those that it bundles.</summary>
    public async Task<IReadOnlyList<string>> PermissionsOfScopeAsync(string scope, CancellationToken cancellationToken) =>
        await FindAsync<Scope>(ResourceKind.Scope, scope, cancellationToken) is { } bundle ? bundle.Permissions : [scope];

    public Task<IReadOnlyList<RoleBinding>> BindingsOfAsync(MemberType memberType, string memberId, CancellationToken cancellationToken) =>
        bindings.ListByAsync(
            session, realmId, new RoleBindingFilter { MemberType = memberType, MemberId = memberId }, PageRange.All, cancellationToken);

    /// <summary>The delegations that a client or a user may act by.</summary>
    public Task<IReadOnlyList<DelegationRecord>> DelegationsToAsync(MemberType delegateType, string delegateId, CancellationToken cancellationToken) =>
        Delegations.ListByAsync(
            session, realmId, new DelegationFilter { DelegateType = delegateType, DelegateId = delegateId }, PageRange.All, cancellationToken);

    /// <summary>The bindings of groups.</summary>
    public async Task<IReadOnlyList<RoleBinding>> BindingsOfGroupsAsync(IEnumerable<string> groupIds, CancellationToken cancellationToken)
    {
        List<RoleBinding> found = [];
        foreach (var groupId in groupIds.Order(StringComparer.Ordinal))
        {
            found.AddRange(await BindingsOfAsync(MemberType.Group, groupId, cancellationToken));
        }

        return found;
    }

    /// <summary>Which roles are bound in exactly this organization, and on what terms.</summary>
    public Task<IReadOnlyList<BoundRole>> RolesBoundInAsync(string organizationId, CancellationToken cancellationToken) =>
        bindings.ListRolesInAsync(session, realmId, organizationId, cancellationToken);
}
