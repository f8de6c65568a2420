using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Permissions;

/// <summary>The groups that a user is in, directly and through nesting.</summary>
internal static class GroupPaths
{
    /// <summary>
    /// For each group the shortest way to it, from the group that the user is a direct member of; of equals the first in ordinal order.
    /// Groups that do not exist end a way. Clients are in no group.
    /// </summary>
    public static IReadOnlyList<ValueList<string>> Of(RealmSnapshot realm, Principal principal)
    {
        if (principal.Type != MemberType.User || realm.FindUser(principal.Id) is not { GroupIds.Count: > 0 } user)
        {
            return [];
        }

        var paths = new List<ValueList<string>>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Extend([], user.GroupIds);
        for (var i = 0; i < paths.Count; i++)
        {
            Extend(paths[i], realm.FindGroup(paths[i][^1])!.ParentGroupIds);
        }

        return paths;

        void Extend(ValueList<string> path, ValueList<string> groupIds)
        {
            foreach (var groupId in groupIds.Order(StringComparer.Ordinal))
            {
                if (realm.FindGroup(groupId) is not null && seen.Add(groupId))
                {
                    paths.Add([.. path, groupId]);
                }
            }
        }
    }
}
