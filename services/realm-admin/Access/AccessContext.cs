using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.RealmAdmin.Delegation;

namespace Pltfrms.Iam.RealmAdmin.Access;

/// <summary>Where somebody acts about whom somebody asks.</summary>
/// <param name="RealmId">The realm.</param>
/// <param name="OrganizationId">Empty: the realm itself.</param>
/// <param name="Reach">Where the caller may ask.</param>
public sealed record AccessContext(string RealmId, string OrganizationId, Reach Reach)
{
    /// <summary>The organization, which exists and which the caller may ask about; null: the realm itself.</summary>
    /// <exception cref="IamException">PERMISSION_DENIED, UNKNOWN_ORGANIZATION.</exception>
    internal string? Require(RealmSnapshot realm)
    {
        if (Reach.Organizations is { } organizations && !organizations.Any(id => realm.IsWithin(OrganizationId, id)))
        {
            throw CallerGate.Denied(RealmId, IamPermissions.RoleBindingsRead);
        }

        return OrganizationId.Length == 0 ? null
            : realm.FindOrganization(OrganizationId) is not null ? OrganizationId
            : throw new IamException(ErrorReason.UnknownOrganization, $"The realm has no organization '{OrganizationId}'.")
            {
                Metadata = new Dictionary<string, string> { ["organization_id"] = OrganizationId },
            };
    }
}
