using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Realms;

/// <summary>
/// What every realm has without storing it: this suite as a resource server, and the roles that give its permissions.
/// They are compiled into every snapshot, can be referred to, and can neither be changed nor replaced by a stored resource of the same id.
/// </summary>
public static class BuiltInResources
{
    public static ResourceServer ResourceServerOf(string realmId, bool platform) => new()
    {
        RealmId = realmId,
        Audience = IamPermissions.Audience,
        DisplayName = "PLTFRMS IAM",
        Permissions = IamPermissions.AssignableIn(platform).Select(permission => new Permission { Name = permission }).ToValueList(),
    };

    public static IReadOnlyList<Role> RolesOf(string realmId, bool platform) =>
    [
        new()
        {
            RealmId = realmId,
            RoleId = IamPermissions.AdministratorRole,
            DisplayName = "IAM administrator",
            Audience = IamPermissions.Audience,
            Permissions = IamPermissions.Assignable.ToValueList(),
        },
        new()
        {
            RealmId = realmId,
            RoleId = IamPermissions.ResourceServerRole,
            DisplayName = "IAM resource server",
            Audience = IamPermissions.Audience,
            Permissions = [IamPermissions.PermissionsCheck, IamPermissions.TokensIntrospect],
        },
        .. platform ? PlatformRoles(realmId) : [],
    ];

    private static IReadOnlyList<Role> PlatformRoles(string realmId) =>
    [
        new()
        {
            RealmId = realmId,
            RoleId = IamPermissions.PlatformAdministratorRole,
            DisplayName = "IAM platform administrator",
            Audience = IamPermissions.Audience,
            Permissions = IamPermissions.AcrossRealms.ToValueList(),
        },
    ];
}
