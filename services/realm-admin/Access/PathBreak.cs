using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Access;

/// <summary>Where a way to a permission that is there on one side of changes breaks off on the other.</summary>
/// <param name="Gone">What happens where the way is there before the changes only.</param>
/// <param name="New">What happens where it is there after them only.</param>
internal sealed record PathBreak(string Gone, string New)
{
    /// <param name="sides">Both sides.</param>
    /// <param name="realm">The side that does not have the way.</param>
    /// <param name="path">The way.</param>
    /// <param name="principal">Whose.</param>
    /// <param name="organizationId">The context.</param>
    /// <param name="permission">Where it leads to.</param>
    public static PathBreak Find(
        RealmSides sides, RealmSnapshot realm, AccessPath path, Principal principal, string? organizationId, string permission) =>
        OfPrincipal(realm, principal)
        ?? OfPlace(realm, organizationId)
        ?? OfBinding(sides, path.Binding)
        ?? OfGroups(realm, path, principal)
        ?? OfRoles(realm, path, permission)
        ?? new("the organization moves", "the organization moves");

    private static PathBreak? OfPrincipal(RealmSnapshot realm, Principal principal)
    {
        if (realm.Realm.Disabled)
        {
            return new("the realm is disabled", "the realm is enabled");
        }

        var words = principal.Type == MemberType.User ? "the user" : "the client";
        var isThere = principal.Type == MemberType.User ? realm.FindUser(principal.Id) is not null : realm.FindClient(principal.Id) is not null;
        return Principals.IsEnabled(realm, principal) ? null
            : isThere ? new($"{words} is disabled", $"{words} is enabled")
            : new($"{words} is removed", $"{words} is new");
    }

    private static PathBreak? OfPlace(RealmSnapshot realm, string? organizationId)
    {
        for (var organization = Find(organizationId); organization is not null; organization = Find(organization.ParentOrganizationId))
        {
            if (organization.Disabled)
            {
                var words = $"organization '{organization.OrganizationId}'";
                return new($"{words} is disabled", $"{words} is enabled");
            }
        }

        return null;

        Organization? Find(string? id) => id is null ? null : realm.FindOrganization(id);
    }

    private static PathBreak? OfBinding(RealmSides sides, RoleBinding binding)
    {
        var words = $"role binding '{binding.RoleBindingId}'";
        return sides.FindChange(ResourceKind.RoleBinding, binding.RoleBindingId) switch
        {
            null => null,
            { Before: not null, After: not null } => new($"{words} changes", $"{words} changes"),
            _ => new($"{words} is removed", $"{words} is new"),
        };
    }

    private static PathBreak? OfGroups(RealmSnapshot realm, AccessPath path, Principal principal)
    {
        if (path.GroupIds.Count == 0)
        {
            return null;
        }

        var missing = path.GroupIds.FirstOrDefault(id => realm.FindGroup(id) is null);
        if (missing is not null)
        {
            return new($"group '{missing}' is removed", $"group '{missing}' is new");
        }

        if (!realm.FindUser(principal.Id)!.GroupIds.Contains(path.GroupIds[0]))
        {
            return new($"the user leaves group '{path.GroupIds[0]}'", $"the user joins group '{path.GroupIds[0]}'");
        }

        return path.GroupIds.Zip(path.GroupIds.Skip(1))
            .Where(step => !realm.FindGroup(step.First)!.ParentGroupIds.Contains(step.Second))
            .Select(step => new PathBreak(
                $"group '{step.First}' leaves group '{step.Second}'", $"group '{step.First}' joins group '{step.Second}'"))
            .FirstOrDefault();
    }

    private static PathBreak? OfRoles(RealmSnapshot realm, AccessPath path, string permission)
    {
        var missing = path.RoleIds.FirstOrDefault(id => realm.FindRole(id) is null);
        if (missing is not null)
        {
            return new($"role '{missing}' is removed", $"role '{missing}' is new");
        }

        var broken = path.RoleIds.Zip(path.RoleIds.Skip(1))
            .FirstOrDefault(step => !realm.FindRole(step.First)!.IncludedRoleIds.Contains(step.Second));
        if (broken.First is not null)
        {
            return new($"role '{broken.First}' no longer includes role '{broken.Second}'", $"role '{broken.First}' includes role '{broken.Second}'");
        }

        var last = path.RoleIds[^1];
        return !realm.FindRole(last)!.Permissions.Contains(permission) ? new($"role '{last}' loses the permission", $"role '{last}' gets the permission")
            : realm.FindDeclaringResourceServer(permission) is null
                ? new("no resource server declares the permission any more", "a resource server declares the permission")
                : null;
    }
}
