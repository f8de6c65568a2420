using Pltfrms.Iam.Common.Realms.Model;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Common.Realms.Mapping;

public static class RoleMapping
{
    public static Wire.Role ToWire(this Role role) => new()
    {
        RealmId = role.RealmId,
        RoleId = role.RoleId,
        DisplayName = role.DisplayName,
        Audience = role.Audience ?? "",
        Permissions = { role.Permissions },
        IncludedRoleIds = { role.IncludedRoleIds },
    };

    public static Role ToRecord(this Wire.Role role) => new()
    {
        RealmId = role.RealmId,
        RoleId = role.RoleId,
        DisplayName = role.DisplayName,
        Audience = WireValues.NullIfEmpty(role.Audience),
        Permissions = [.. role.Permissions],
        IncludedRoleIds = [.. role.IncludedRoleIds],
    };
}
