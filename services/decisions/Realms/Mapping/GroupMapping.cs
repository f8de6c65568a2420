using Pltfrms.Iam.Common.Realms.Model;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Common.Realms.Mapping;

public static class GroupMapping
{
    public static Wire.Group ToWire(this Group group) => new()
    {
        RealmId = group.RealmId,
        GroupId = group.GroupId,
        DisplayName = group.DisplayName,
        ParentGroupIds = { group.ParentGroupIds },
        OwnerOrganizationId = group.OwnerOrganizationId ?? "",
    };

    public static Group ToRecord(this Wire.Group group) => new()
    {
        RealmId = group.RealmId,
        GroupId = group.GroupId,
        DisplayName = group.DisplayName,
        ParentGroupIds = [.. group.ParentGroupIds],
        OwnerOrganizationId = WireValues.NullIfEmpty(group.OwnerOrganizationId),
    };
}
