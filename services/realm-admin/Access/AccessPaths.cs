using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Access;

/// <summary>The ways in which principals come to permissions. Bindings that can never hold again are none.</summary>
internal static class AccessPaths
{
    /// <summary>Of more ways to one permission nobody reads on.</summary>
    public const int Most = 100;

    /// <summary>For each permission the ways to it: the best of each binding first, then the others. Nothing where the principal or the place is disabled.</summary>
    public static SortedDictionary<string, IReadOnlyList<AccessPath>> Of(
        RealmSnapshot realm, Principal principal, string? organizationId, DateTimeOffset now)
    {
        var paths = new SortedDictionary<string, IReadOnlyList<AccessPath>>(StringComparer.Ordinal);
        var holdings = Holdings(realm, principal, organizationId, now);
        foreach (var permission in holdings.SelectMany(holding => holding.PathsByPermission.Keys).Distinct())
        {
            paths[permission] = To(realm, principal, permission, holdings);
        }

        return paths;
    }

    /// <summary>The same for one permission; empty where the principal does not have it.</summary>
    public static IReadOnlyList<AccessPath> To(
        RealmSnapshot realm, Principal principal, string? organizationId, string permission, DateTimeOffset now) =>
        To(realm, principal, permission, Holdings(realm, principal, organizationId, now));

    /// <summary>The best way of each binding; the best of all comes first, which is also what a check names.</summary>
    public static IReadOnlyList<AccessPath> BestTo(
        RealmSnapshot realm, Principal principal, string? organizationId, string permission, DateTimeOffset now) =>
        Best(permission, Holdings(realm, principal, organizationId, now));

    private static List<RoleHolding> Holdings(RealmSnapshot realm, Principal principal, string? organizationId, DateTimeOffset now)
    {
        var isUsable = Principals.IsEnabled(realm, principal) && (organizationId is null || realm.IsUsableOrganization(organizationId));
        return isUsable
            ? [.. PermissionEvaluator.Holdings(realm, principal, organizationId).Where(holding => !BindingTerms.IsOver(holding.Binding, now))]
            : [];
    }

    private static List<AccessPath> Best(string permission, IEnumerable<RoleHolding> holdings) =>
    [
        .. holdings
            .Where(holding => holding.PathsByPermission.ContainsKey(permission))
            .Select(holding => new AccessPath(holding.Binding, holding.GroupIds, holding.PathsByPermission[permission]))
            .OrderBy(path => BindingTerms.IsConditional(path.Binding))
            .ThenBy(path => path.Length)
            .ThenBy(path => path.Binding.RoleBindingId, StringComparer.Ordinal),
    ];

    private static IReadOnlyList<AccessPath> To(RealmSnapshot realm, Principal principal, string permission, IReadOnlyList<RoleHolding> holdings)
    {
        var best = Best(permission, holdings);
        return
        [
            .. best.Concat(best.SelectMany(path => All(realm, principal, permission, path.Binding)).Except(best).OrderBy(path => path.Length)
                .ThenBy(path => path.Binding.RoleBindingId, StringComparer.Ordinal)).Take(Most),
        ];
    }

    private static IEnumerable<AccessPath> All(RealmSnapshot realm, Principal principal, string permission, RoleBinding binding)
    {
        var groups = binding.MemberType != MemberType.Group
            ? [[]]
            : Ways.Between(
                realm.FindUser(principal.Id)!.GroupIds.Where(id => realm.FindGroup(id) is not null),
                id => (realm.FindGroup(id)?.ParentGroupIds ?? []).Where(parent => realm.FindGroup(parent) is not null),
                id => id == binding.MemberId);
        var roles = Ways.Between(
            [binding.RoleId],
            id => (realm.FindRole(id)?.IncludedRoleIds ?? []).Where(included => realm.FindRole(included) is not null),
            id => realm.FindRole(id)!.Permissions.Any(name => name == permission));
        List<ValueList<string>> ends = [.. roles.Take(Most)];
        return groups.Take(Most).SelectMany(way => ends.Select(end => new AccessPath(binding, way, end))).Take(Most);
    }
}
