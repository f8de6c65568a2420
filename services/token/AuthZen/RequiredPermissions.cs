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
    /// <summary>No permission's name is longer.</summary>
    private const int LongestName = 128;

    /// <summary>
    /// All of them must be allowed; there is one at least, declared or not. What the realm knows of a resource counts: where the caller says otherwise, it
    /// takes what either would.
    /// </summary>
    public static IReadOnlyList<string> Of(RealmSnapshot realm, AccessAction action, AccessResource resource)
    {
        var type = DeclaredDetails.TypeOf(realm.Realm, resource.Type);
        var plain = PlainOf(realm, type, action.Name, resource.Type);
        if (realm.FindDeclaringResourceServer(plain) is not { } server)
        {
            return [plain];
        }

        var known = type?.Resources.FirstOrDefault(known => known.Identifier == resource.Id)?.Properties ?? [];
        List<ResourceProperty> said = [.. resource.Properties.Values, .. action.Properties.Values];
        if (Split(realm, server, plain, known) is (var shorter, var named))
        {
            plain = shorter;
            said.Add(named);
        }

        var asKnown = Qualify(realm, server, plain, known.Concat(said.Where(property => known.All(other => other.Name != property.Name))));
        return said.Exists(property => known.Any(other => other.Name == property.Name && other.Value != property.Value))
            ? [.. asKnown.Union(Qualify(realm, server, plain, said), StringComparer.Ordinal)]
            : asKnown;
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

    /// <summary>An action's name can say what is known of a resource, too: <c>record.write</c> and the rest. Null where it does not.</summary>
    private static (string Plain, ResourceProperty Named)? Split(RealmSnapshot realm, ResourceServer server, string permission, IEnumerable<ResourceProperty> known)
    {
        foreach (var name in known.Select(property => property.Name))
        {
            var at = permission.LastIndexOf($".{name}.", StringComparison.Ordinal);
            if (at > 0 && IsDeclared(realm, server, permission[..at]))
            {
                return (permission[..at], new(name, permission[(at + name.Length + 2)..]));
            }
        }

        return null;
    }

    /// <summary>Those that are declared for properties, in place of the plain one; the plain one where there is none.</summary>
    private static IReadOnlyList<string> Qualify(RealmSnapshot realm, ResourceServer server, string plain, IEnumerable<ResourceProperty> properties)
    {
        List<string>? qualified = null;
        foreach (var (name, value) in properties)
        {
            if (plain.Length + name.Length + value.Length + 2 <= LongestName
                && $"{plain}.{name}.{value}" is var permission && IsDeclared(realm, server, permission) && qualified?.Contains(permission) != true)
            {
                (qualified ??= []).Add(permission);
            }
        }

        return qualified ?? (IReadOnlyList<string>)[plain];
    }

    private static bool IsDeclared(RealmSnapshot realm, ResourceServer server, string permission) =>
        realm.FindDeclaringResourceServer(permission)?.Audience == server.Audience;
}
