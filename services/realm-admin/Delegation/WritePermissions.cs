using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Delegation;

/// <summary>What writing each kind of resource requires.</summary>
internal static class WritePermissions
{
    public static string Of(ResourceKind kind) => kind switch
    {
        ResourceKind.Client => IamPermissions.ClientsWrite,
        ResourceKind.ResourceServer => IamPermissions.ResourceServersWrite,
        ResourceKind.Scope => IamPermissions.ScopesWrite,
        ResourceKind.Role => IamPermissions.RolesWrite,
        ResourceKind.Group => IamPermissions.GroupsWrite,
        ResourceKind.Organization => IamPermissions.OrganizationsWrite,
        ResourceKind.User => IamPermissions.UsersWrite,
        ResourceKind.RoleBinding => IamPermissions.RoleBindingsWrite,
        ResourceKind.Delegation => IamPermissions.DelegationsWrite,
        _ => IamPermissions.RealmsWrite,
    };

    /// <summary>Whether nothing of the kind belongs to an organization.</summary>
    public static bool IsOfTheRealm(ResourceKind kind) =>
        kind is ResourceKind.Realm or ResourceKind.Role or ResourceKind.Scope or ResourceKind.ResourceServer;
}
