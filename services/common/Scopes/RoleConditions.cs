using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Scopes;

/// <summary>
/// Conditions about roles. They allow a permission's own scope where the principal's roles give the permission in the organization asked for
/// (without one: by bindings of the realm only), and a bundled scope where they give at least one of its permissions: which of them may be
/// used is decided at each check. A scope that covers nothing is never allowed. Where role ids are listed, only these count, held directly
/// or as a part of another role.
/// </summary>
internal static class RoleConditions
{
    public static bool Allow(RealmSnapshot realm, ScopeRequest request, RoleCondition condition, string scope)
    {
        foreach (var permission in realm.PermissionsOfScope(scope))
        {
            if (IsOwn(request, permission) || SourceThatGives(realm, request, condition, permission) is not null)
            {
                return true;
            }
        }

        return false;
    }

    public static string Explain(RealmSnapshot realm, ScopeRequest request, RoleCondition condition, string scope)
    {
        var who = $"{(request.Principal.Type == MemberType.User ? "user" : "client")} {request.Principal.Id}";
        var where = request.OrganizationId is { } organizationId ? $"in organization {organizationId}" : "in the realm";
        foreach (var permission in realm.PermissionsOfScope(scope))
        {
            if (IsOwn(request, permission))
            {
                return $"{permission} is about a user's own decisions and needs no role";
            }

            switch (SourceThatGives(realm, request, condition, permission))
            {
                case RoleSource.Bindings:
                    var binding = Evaluate(realm, request, permission).Binding!;
                    return $"{who} has {permission} {where} by role {binding.RoleId} (role binding {binding.RoleBindingId})";
                case RoleSource.LoginClaims:
                    return $"the login of {who} claims a role that gives {permission}";
            }
        }

        var permissions = string.Join(" or ", realm.PermissionsOfScope(scope));
        var roles = condition.RoleIds.Count == 0 ? "no role" : $"none of the roles {string.Join(", ", condition.RoleIds)}";
        return permissions.Length == 0 ? "it covers no permission" : $"{roles} of {who} gives {permissions} {where}";
    }

    /// <summary>What every user may let a client do with what is the user's own: no role gives it, so none can be asked for.</summary>
    private static bool IsOwn(ScopeRequest request, string permission) =>
        permission == IamPermissions.ConsentsSelf && request.Principal.Type == MemberType.User;

    private static RoleSource? SourceThatGives(RealmSnapshot realm, ScopeRequest request, RoleCondition condition, string permission)
    {
        foreach (var source in condition.Sources)
        {
            var gives = source == RoleSource.LoginClaims
                ? RolesGive(realm, condition.RoleIds, IncludedIn(realm, request.LoginRoleIds), permission)
                : BindingsGive(realm, request, condition.RoleIds, permission);
            if (gives)
            {
                return source;
            }
        }

        return null;
    }

    private static bool BindingsGive(RealmSnapshot realm, ScopeRequest request, ValueList<string> roleIds, string permission) =>
        Evaluate(realm, request, permission).Outcome == AssignmentOutcome.Assigned
        && (roleIds.Count == 0
            || RolesGive(
                realm, roleIds, PermissionEvaluator.RolesOf(realm, request.Principal, request.OrganizationId, FactsOf(request)), permission));

    private static bool RolesGive(RealmSnapshot realm, ValueList<string> roleIds, IReadOnlySet<string> heldRoleIds, string permission)
    {
        foreach (var roleId in heldRoleIds)
        {
            if ((roleIds.Count == 0 || roleIds.AsSpan().Contains(roleId))
                && realm.FindCompiledRole(roleId)?.PathsByPermission.ContainsKey(permission) == true)
            {
                return true;
            }
        }

        return false;
    }

    private static HashSet<string> IncludedIn(RealmSnapshot realm, IReadOnlyList<string> roleIds) => roleIds
        .Select(realm.FindCompiledRole)
        .SelectMany(role => role?.RoleIds ?? new HashSet<string>())
        .ToHashSet(StringComparer.Ordinal);

    private static PermissionAssignment Evaluate(RealmSnapshot realm, ScopeRequest request, string permission) =>
        PermissionEvaluator.Evaluate(realm, request.Principal, request.OrganizationId, permission, FactsOf(request));

    private static DecisionFacts FactsOf(ScopeRequest request) => new(request.Now, request.SourceAddress, request.Acr);
}
