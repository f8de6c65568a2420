using Pltfrms.Iam.Common.AuthorizationDetails;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Token.AuthZen;

/// <summary>
/// Which permissions an action on a resource takes. Checks know permissions by name and nothing of attributes, so a realm declares a permission of its own
/// for what a property changes: <c>record.write.status.archived</c> beside <c>record.write</c> (docs/authzen.md, ADR 0028).
/// </summary>
internal static class RequiredPermissions
{
    /// <summary>All of them must be allowed; there is one at least, declared or not.</summary>
    public static IReadOnlyList<string> Of(RealmSnapshot realm, AccessAction action, AccessResource resource)
    {
        var type = DeclaredDetails.TypeOf(realm.Realm, resource.Type);
        var plain = PlainOf(realm, type, action.Name, resource.Type);
        if (realm.FindDeclaringResourceServer(plain) is not { } server)
        {
            return [plain];
        }

        List<string>? qualified = null;
        foreach (var (name, value) in PropertiesOf(type, action, resource))
        {
            var permission = $"{plain}.{name}.{value}";
            if (realm.FindDeclaringResourceServer(permission)?.Audience == server.Audience && qualified?.Contains(permission) != true)
            {
                (qualified ??= []).Add(permission);
            }
        }

        return qualified ?? (IReadOnlyList<string>)[plain];
    }

    /// <summary>Every name that an action on resources of a type can have, sorted.</summary>
    public static IEnumerable<string> ActionsOn(RealmSnapshot realm, string resourceType)
    {
        var start = resourceType + ".";
        var declared = realm.ResourceServers.Append(realm.FindResourceServer(IamPermissions.Audience)!)
            .SelectMany(server => server.Permissions)
            .Where(permission => permission.Name.Length > start.Length && permission.Name.StartsWith(start, StringComparison.Ordinal))
            .Select(permission => permission.Name[start.Length..]);
        var named = DeclaredDetails.TypeOf(realm.Realm, resourceType)?.Actions.Select(action => action.Action) ?? [];
        return declared.Concat(named).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
    }

    /// <summary>By the type's own actions (RFC 9396), else type and action joined, else the action where that is a permission already.</summary>
    private static string PlainOf(RealmSnapshot realm, AuthorizationDetailsType? type, string action, string resourceType)
    {
        foreach (var known in type?.Actions ?? [])
        {
            if (known.Action == action)
            {
                return known.Permission;
            }
        }

        var joined = $"{resourceType}.{action}";
        return realm.FindDeclaringResourceServer(joined) is null && realm.FindDeclaringResourceServer(action) is not null ? action : joined;
    }

    /// <summary>What the realm knows of a resource counts, whatever the caller says of it.</summary>
    private static IEnumerable<(string Name, string Value)> PropertiesOf(AuthorizationDetailsType? type, AccessAction action, AccessResource resource)
    {
        var known = type?.Resources.FirstOrDefault(known => known.Identifier == resource.Id)?.Properties ?? [];
        return known.Select(property => (property.Name, property.Value))
            .Concat(resource.Properties.Values.Where(property => known.All(other => other.Name != property.Name)))
            .Concat(action.Properties.Values);
    }
}
