using Pltfrms.Iam.Common.Realms;

namespace Pltfrms.Iam.Common.Permissions;

/// <summary>
/// What a principal may do in a context, by role bindings alone (User → Group → Role → Permission; design section 2).
/// Whether the principal and the organization are enabled is for the caller to check.
/// </summary>
public static class PermissionEvaluator
{
    /// <summary>
    /// Whether the principal has the permission, by a binding in the realm, in the organization or in one above it.
    /// The context is the realm itself where <paramref name="organizationId"/> is null: then only realm bindings count.
    /// Of several bindings one without conditions is named, then the one with the shortest way through groups and roles, then by id.
    /// </summary>
    public static PermissionAssignment Evaluate(
        RealmSnapshot realm, Principal principal, string? organizationId, string permission, in DecisionFacts facts) =>
        realm.AccessOf(principal, organizationId).Evaluate(realm, permission, facts);

    /// <summary>Whether <see cref="Evaluate"/> says the same whatever the facts are: no binding that could give the permission has conditions or an end.</summary>
    public static bool IsConstant(RealmSnapshot realm, Principal principal, string? organizationId, string permission) =>
        realm.AccessOf(principal, organizationId).IsConstant(permission);

    /// <summary>Every permission that <see cref="Evaluate"/> says is assigned, sorted.</summary>
    public static IReadOnlyList<string> List(RealmSnapshot realm, Principal principal, string? organizationId, in DecisionFacts facts) =>
    [
        .. realm.AccessOf(principal, organizationId)
            .RolesInForce(realm, facts)
            .SelectMany(role => role.PathsByPermission.Keys)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Everything that <see cref="Evaluate"/> would choose from: one holding for each binding in the context, whatever its conditions and expiry.</summary>
    public static IEnumerable<RoleHolding> Holdings(RealmSnapshot realm, Principal principal, string? organizationId) =>
        realm.AccessOf(principal, organizationId).Holdings;

    /// <summary>What a set of roles gives, with the roles that they include.</summary>
    public static IReadOnlySet<string> PermissionsOfRoles(RealmSnapshot realm, IEnumerable<string> roleIds) => roleIds
        .Select(realm.FindCompiledRole)
        .SelectMany(role => role?.PathsByPermission.Keys ?? [])
        .ToHashSet(StringComparer.Ordinal);

    /// <summary>Whether a role, or one that it includes, has a permission.</summary>
    public static bool RoleHas(RealmSnapshot realm, string roleId, string permission) =>
        realm.FindCompiledRole(roleId)?.PathsByPermission.ContainsKey(permission) == true;

    /// <summary>The ids of the roles that the principal holds now, with the roles that these include.</summary>
    public static IReadOnlySet<string> RolesOf(RealmSnapshot realm, Principal principal, string? organizationId, in DecisionFacts facts) =>
        realm.AccessOf(principal, organizationId)
            .RolesInForce(realm, facts)
            .SelectMany(role => role.RoleIds)
            .ToHashSet(StringComparer.Ordinal);
}
