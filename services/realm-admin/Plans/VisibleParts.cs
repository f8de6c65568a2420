using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Access;
using Pltfrms.Iam.RealmAdmin.Changes;

namespace Pltfrms.Iam.RealmAdmin.Plans;

/// <summary>Changes as far as whoever asks sees them: what else a user or group is part of is nothing that an organization's administrator sees.</summary>
internal sealed class VisibleParts(RealmSides sides)
{
    public RealmChange Of(RealmChange change) => sides.Reach.IsRealm ? change : new(Of(change.Before), Of(change.After));

    private IRealmResource? Of(IRealmResource? resource) => resource switch
    {
        User user => user with
        {
            OrganizationIds = user.OrganizationIds.Where(sides.Contains).ToValueList(),
            GroupIds = user.GroupIds.Where(IsVisibleGroup).ToValueList(),
        },
        Group group => group with { ParentGroupIds = group.ParentGroupIds.Where(IsVisibleGroup).ToValueList() },
        _ => resource,
    };

    private bool IsVisibleGroup(string groupId) =>
        sides.Contains((sides.After.FindGroup(groupId) ?? sides.Before.FindGroup(groupId))?.OwnerOrganizationId);
}
