using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Delegation.Gifts;

namespace Pltfrms.Iam.RealmAdmin.Delegation;

/// <summary>
/// What a write must stay within: nobody grants more than they hold. What the caller holds is decided before its first change, and each change is
/// compared with the realm as the changes before it left it, so that no order of changes lets more through than one of them alone.
/// </summary>
public sealed class WriteLimit(HoldingsReader reader, DatabaseSession session, string realmId, Holdings holdings)
{
    /// <exception cref="IamException">GRANT_EXCEEDS_OWN.</exception>
    internal async Task RequireAsync(RealmChange change, CancellationToken cancellationToken)
    {
        if (holdings.IsUnlimited)
        {
            return;
        }

        var view = reader.View(session, realmId);
        foreach (var gift in await GiftsOf.ChangeAsync(view, change, cancellationToken))
        {
            var places = await view.AncestorsAndSelfAsync(gift.OrganizationId, cancellationToken);
            if (gift.Permissions.Order(StringComparer.Ordinal).FirstOrDefault(permission => !holdings.Cover(permission, places, gift.Terms)) is { } missing)
            {
                throw Exceeded(missing, gift);
            }
        }
    }

    private IamException Exceeded(string permission, Gift gift)
    {
        var where = gift.OrganizationId is { } organizationId ? $"in organization '{organizationId}'" : "in the realm";
        return new IamException(
            ErrorReason.GrantExceedsOwn,
            $"The write would give away {permission} {where}, which the caller does not hold there, or not for as long and as freely.")
        {
            Metadata = new Dictionary<string, string> { ["permission"] = permission, ["realm_id"] = realmId },
        };
    }
}
