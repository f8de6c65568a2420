using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Delegation.Gifts;

/// <summary>
/// An organization that moves below another lets in everybody who is bound there. One that is enabled lets in everybody who is bound in it, below it and
/// above it: that is all of them, and so for those who may do everything.
/// </summary>
internal static class OrganizationGifts
{
    public static async Task<IReadOnlyList<Gift>> OfAsync(RealmView view, Organization? before, Organization after, CancellationToken cancellationToken)
    {
        if (before is null)
        {
            return [];
        }

        List<Gift> gifts = before.Disabled && !after.Disabled ? [Gift.InRealm(IamPermissions.RealmsWrite)] : [];
        var above = await view.AncestorsAndSelfAsync(after.ParentOrganizationId, cancellationToken);
        var was = await view.AncestorsAndSelfAsync(before.ParentOrganizationId, cancellationToken);
        foreach (var organizationId in above.Except(was))
        {
            foreach (var bound in await view.RolesBoundInAsync(organizationId, cancellationToken))
            {
                var terms = BindingTerms.Of(bound.Conditions, bound.ExpiresAt);
                gifts.Add(new Gift(await view.PermissionsOfRoleAsync(bound.RoleId, cancellationToken), after.OrganizationId, terms));
            }
        }

        if (await LosesDropAsync(view, after.RealmId, was.Except(above), cancellationToken))
        {
            gifts.Add(Gift.InRealm(IamPermissions.RealmsWrite));
        }

        return gifts;
    }

    /// <summary>Whether the realm's pipeline drops scopes below an organization that this one was below and no longer is.</summary>
    private static async Task<bool> LosesDropAsync(RealmView view, string realmId, IEnumerable<string> left, CancellationToken cancellationToken)
    {
        var realm = await view.FindAsync<Realm>(ResourceKind.Realm, realmId, cancellationToken);
        return realm is not null && left.Any(organizationId => realm.ScopePipeline.GrantedScopesProcessors.Any(
            processor => processor.DropByOrganization is { } drop && drop.OrganizationIds.Contains(organizationId)));
    }
}
