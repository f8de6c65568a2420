using Pltfrms.Iam.Common.Realms.Model;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Common.Realms.Mapping;

public static class UserMapping
{
    public static Wire.User ToWire(this User user) => new()
    {
        RealmId = user.RealmId,
        UserId = user.UserId,
        DisplayName = user.DisplayName,
        Disabled = user.Disabled,
        OrganizationIds = { user.OrganizationIds },
        GroupIds = { user.GroupIds },
        ExternalIdentities =
        {
            user.ExternalIdentities.Select(identity => new Wire.ExternalIdentity { Issuer = identity.Issuer, Subject = identity.Subject }),
        },
    };

    public static User ToRecord(this Wire.User user) => new()
    {
        RealmId = user.RealmId,
        UserId = user.UserId,
        DisplayName = user.DisplayName,
        Disabled = user.Disabled,
        OrganizationIds = [.. user.OrganizationIds],
        GroupIds = [.. user.GroupIds],
        ExternalIdentities = user.ExternalIdentities
            .Select(identity => new ExternalIdentity { Issuer = identity.Issuer, Subject = identity.Subject })
            .ToValueList(),
    };
}
