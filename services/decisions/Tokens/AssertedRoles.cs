using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;

namespace Pltfrms.Iam.Common.Tokens;

/// <summary>
/// The roles that an assertion stands for. They are the ceiling of its token: it is good for what they have and the subject may do anyway. Of an issuer
/// that is registered to assert roles they are given too. The suite's own permissions nobody outside gives, and no token that is limited by roles has them:
/// who administers the realm is looked up by the realm's bindings elsewhere, where nobody would see the limit.
/// </summary>
public static class AssertedRoles
{
    /// <summary>Whether the roles leave room for a permission.</summary>
    public static bool Allow(RealmSnapshot realm, AssertionSource? source, string permission) =>
        source is null || source.RoleIds.Count == 0 || RoleWith(realm, source, permission) is not null;

    /// <summary>The role by which the token itself gives a permission; null: it does not.</summary>
    public static string? Giving(RealmSnapshot realm, AssertionSource? source, string permission) =>
        source is { AssertsRoles: true, RoleIds.Count: > 0 } ? RoleWith(realm, source, permission) : null;

    /// <summary>The permissions that the token itself gives.</summary>
    public static IEnumerable<string> Given(RealmSnapshot realm, AssertionSource? source) => source is { AssertsRoles: true, RoleIds.Count: > 0 }
        ? PermissionEvaluator.PermissionsOfRoles(realm, source.RoleIds).Where(permission => !IsOfTheSuite(realm, permission))
        : [];

    /// <summary>Whether a token with these roles may have a scope: one of its permissions must be theirs, and none the suite's.</summary>
    public static bool AllowScope(RealmSnapshot realm, AssertionSource? source, string scope)
    {
        if (source is null || source.RoleIds.Count == 0)
        {
            return true;
        }

        var permissions = realm.PermissionsOfScope(scope);
        return permissions.Any(permission => RoleWith(realm, source, permission) is not null) && !permissions.Any(permission => IsOfTheSuite(realm, permission));
    }

    private static string? RoleWith(RealmSnapshot realm, AssertionSource source, string permission) => IsOfTheSuite(realm, permission)
        ? null
        : source.RoleIds.FirstOrDefault(roleId => PermissionEvaluator.RoleHas(realm, roleId, permission));

    private static bool IsOfTheSuite(RealmSnapshot realm, string permission) =>
        realm.FindDeclaringResourceServer(permission)?.Audience == IamPermissions.Audience;
}
