using Pltfrms.Iam.Common.Realms.Model;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Common.Realms.Mapping;

public static class OrganizationMapping
{
    public static Wire.Organization ToWire(this Organization organization) => new()
    {
        RealmId = organization.RealmId,
        OrganizationId = organization.OrganizationId,
        DisplayName = organization.DisplayName,
        ParentOrganizationId = organization.ParentOrganizationId ?? "",
        Disabled = organization.Disabled,
    };

    public static Organization ToRecord(this Wire.Organization organization) => new()
    {
        RealmId = organization.RealmId,
        OrganizationId = organization.OrganizationId,
        DisplayName = organization.DisplayName,
        ParentOrganizationId = WireValues.NullIfEmpty(organization.ParentOrganizationId),
        Disabled = organization.Disabled,
    };
}
