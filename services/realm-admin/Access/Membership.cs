using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Access;

/// <summary>As what a principal can be bound.</summary>
internal static class Membership
{
    /// <summary>The principal and the groups that it is in, directly and through nesting.</summary>
    public static HashSet<(MemberType Type, string Id)> Of(RealmSnapshot realm, Principal principal)
    {
        HashSet<(MemberType Type, string Id)> members = [(principal.Type, principal.Id)];
        Queue<string> open = new(principal.Type == MemberType.User ? realm.FindUser(principal.Id)?.GroupIds ?? [] : []);
        while (open.TryDequeue(out var groupId))
        {
            if (members.Add((MemberType.Group, groupId)) && realm.FindGroup(groupId) is { } group)
            {
                foreach (var parentId in group.ParentGroupIds)
                {
                    open.Enqueue(parentId);
                }
            }
        }

        return members;
    }
}
