using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Access;

/// <summary>
/// Who can possibly gain or lose anything by changes, found the way that access comes: from a permission to the roles that have it, to those
/// that include them, to their bindings, to the members of the groups bound. It names too many rather than too few; who is compared in the end
/// is for <see cref="AccessComparison"/>. With V resources of the kinds that are few, B bindings of the roles and organizations touched and
/// M members of the groups touched it costs O(V + B + M): users and bindings that no change comes near are not even read. Only where the realm
/// or an organization is disabled or enabled, and where the acr values change, are all bindings looked at.
/// </summary>
internal sealed class AffectedPrincipals
{
    private readonly RealmRecords _records;
    private readonly IReadOnlyList<RealmChange> _changes;
    private readonly RealmSnapshot _here;
    private readonly RealmSnapshot _there;
    private readonly IReadOnlyList<Role> _roles;
    private readonly IReadOnlyList<string> _moved;
    private readonly ILookup<string, string> _includedBy;
    private readonly ILookup<string, string> _groupsBelow;
    private readonly HashSet<string> _visitedGroups = new(StringComparer.Ordinal);
    private readonly HashSet<Principal> _found = [];

    private AffectedPrincipals(RealmRecords records, IReadOnlyList<IRealmResource> vocabulary, IReadOnlyList<RealmChange> changes)
    {
        (_records, _changes) = (records, changes);
        _here = RealmSnapshot.Create(0, vocabulary);
        _there = _here.Apply(changes);

        // Ways that exist on one side only count too.
        var both = vocabulary.Concat(changes.SelectMany(change => new[] { change.Before, change.After }).OfType<IRealmResource>()).ToList();
        _includedBy = both.OfType<Role>()
            .SelectMany(role => role.IncludedRoleIds.Select(included => (included, role.RoleId)))
            .ToLookup(edge => edge.included, edge => edge.RoleId, StringComparer.Ordinal);
        _groupsBelow = both.OfType<Group>()
            .SelectMany(group => group.ParentGroupIds.Select(parent => (parent, group.GroupId)))
            .ToLookup(edge => edge.parent, edge => edge.GroupId, StringComparer.Ordinal);
        _roles = [.. both.OfType<Role>()];
        _moved = [.. MovedOrganizations()];
    }

    /// <summary>Those who can be concerned, and the organizations on both sides in which access can differ even for those who are not bound there.</summary>
    /// <param name="records">One of the two states.</param>
    /// <param name="vocabulary">Of the same state.</param>
    /// <param name="changes">What leads from this state to the other.</param>
    /// <param name="cancellationToken">Of the call.</param>
    public static async Task<(IReadOnlySet<Principal> Principals, IReadOnlyList<string> Organizations)> FindAsync(
        RealmRecords records, IReadOnlyList<IRealmResource> vocabulary, IReadOnlyList<RealmChange> changes, CancellationToken cancellationToken)
    {
        var search = new AffectedPrincipals(records, vocabulary, changes);
        foreach (var binding in await search.BindingsAsync(cancellationToken))
        {
            await search.AddMemberAsync(binding, cancellationToken);
        }

        foreach (var change in changes)
        {
            await search.AddAsync(change, cancellationToken);
        }

        if (search._here.Realm.ScopePipeline.UnregisteredScopes != search._there.Realm.ScopePipeline.UnregisteredScopes)
        {
            search._found.UnionWith((await records.ClientsAsync(cancellationToken)).Select(client => client.AsPrincipal()));
        }

        return (search._found, search._moved);
    }

    private async Task AddAsync(RealmChange change, CancellationToken cancellationToken)
    {
        switch (change.Resource)
        {
            case User or Client:
                _found.Add(change.Resource.AsPrincipal());
                break;
            case Group group when ((Group?)change.Before)?.ParentGroupIds != ((Group?)change.After)?.ParentGroupIds:
                await AddGroupAsync(group.GroupId, cancellationToken);
                break;
            case RoleBinding:
                foreach (var binding in new[] { change.Before, change.After }.OfType<RoleBinding>())
                {
                    await AddMemberAsync(binding, cancellationToken);
                }

                break;
        }
    }

    private async Task AddMemberAsync(RoleBinding binding, CancellationToken cancellationToken)
    {
        if (binding.MemberType == MemberType.Group)
        {
            await AddGroupAsync(binding.MemberId, cancellationToken);
        }
        else
        {
            _found.Add(new Principal(binding.MemberType, binding.MemberId));
        }
    }

    /// <summary>Those who are members on this side; who is one on the other side only is a user that changes.</summary>
    private async Task AddGroupAsync(string groupId, CancellationToken cancellationToken)
    {
        foreach (var below in Ways.Reach([groupId], id => _groupsBelow[id]).Where(_visitedGroups.Add))
        {
            foreach (var user in await _records.MembersAsync(below, PageRange.All, cancellationToken))
            {
                _found.Add(Principal.User(user.UserId));
            }
        }
    }

    /// <summary>Bindings that are the same on both sides but give something else.</summary>
    private async Task<IReadOnlyList<RoleBinding>> BindingsAsync(CancellationToken cancellationToken)
    {
        var isEveryones = _here.Realm.Disabled != _there.Realm.Disabled || !_here.Realm.AcrValues.Equals(_there.Realm.AcrValues)
            || _moved.Any(id => _here.IsUsableOrganization(id) != _there.IsUsableOrganization(id));
        if (isEveryones)
        {
            return await _records.BindingsAsync(new(), cancellationToken);
        }

        List<RoleBinding> bindings = [];
        foreach (var roleId in Ways.Reach(ChangedRoles(), id => _includedBy[id]))
        {
            bindings.AddRange(await _records.BindingsAsync(new() { RoleId = roleId }, cancellationToken));
        }

        foreach (var organizationId in _moved.SelectMany(id => Above(_here, id).Union(Above(_there, id))).Distinct())
        {
            bindings.AddRange(await _records.BindingsAsync(new() { OrganizationId = organizationId }, cancellationToken));
        }

        return bindings;
    }

    private HashSet<string> ChangedRoles()
    {
        var permissions = _changes.Where(change => change.Resource is ResourceServer)
            .SelectMany(change => Declared(change.Before).Except(Declared(change.After)).Union(Declared(change.After).Except(Declared(change.Before))))
            .ToHashSet(StringComparer.Ordinal);
        var declaredAnew = _roles.Where(role => role.Permissions.Any(permissions.Contains));
        return
        [
            .. _changes.Select(change => change.Resource).OfType<Role>().Concat(declaredAnew).Select(role => role.RoleId),
        ];
    }

    private IEnumerable<string> MovedOrganizations() => _changes
        .Where(change => change is { Before: Organization before, After: Organization after }
            && (before.ParentOrganizationId != after.ParentOrganizationId || before.Disabled != after.Disabled))
        .Select(change => change.Resource.Id);

    private static IEnumerable<string> Above(RealmSnapshot realm, string organizationId)
    {
        for (var id = realm.FindOrganization(organizationId)?.ParentOrganizationId; id is not null; id = realm.FindOrganization(id)?.ParentOrganizationId)
        {
            yield return id;
        }
    }

    private static IEnumerable<string> Declared(IRealmResource? server) =>
        ((server as ResourceServer)?.Permissions ?? []).Select(permission => permission.Name);
}
