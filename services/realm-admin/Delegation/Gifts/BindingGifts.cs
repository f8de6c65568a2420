using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Delegation.Gifts;

/// <summary>A binding gives what its role has, in its organization and on its terms.</summary>
internal static class BindingGifts
{
    public static async Task<IReadOnlyList<Gift>> OfAsync(RealmView view, RoleBinding? before, RoleBinding after, CancellationToken cancellationToken)
    {
        var given = await view.PermissionsOfRoleAsync(after.RoleId, cancellationToken);
        if (before is not null && await IsNarrowedAsync(view, before, after, cancellationToken))
        {
            given = given.Except(await view.PermissionsOfRoleAsync(before.RoleId, cancellationToken)).ToHashSet();
        }

        return [new Gift(given, after.OrganizationId, BindingTerms.Of(after))];
    }

    /// <summary>What bindings give to whoever comes to have them too.</summary>
    public static async Task<IReadOnlyList<Gift>> OfAllAsync(RealmView view, IEnumerable<RoleBinding> bindings, CancellationToken cancellationToken)
    {
        List<Gift> gifts = [];
        foreach (var binding in bindings)
        {
            gifts.AddRange(await OfAsync(view, null, binding, cancellationToken));
        }

        return gifts;
    }

    /// <summary>Whether the same member is bound at most where, when and how it was.</summary>
    private static async Task<bool> IsNarrowedAsync(RealmView view, RoleBinding before, RoleBinding after, CancellationToken cancellationToken)
    {
        var realm = await view.FindAsync<Realm>(ResourceKind.Realm, after.RealmId, cancellationToken);
        return (before.MemberType, before.MemberId) == (after.MemberType, after.MemberId)
            && (before.OrganizationId is null
                || (await view.AncestorsAndSelfAsync(after.OrganizationId, cancellationToken)).Contains(before.OrganizationId))
            && BindingTerms.Of(before).Cover(BindingTerms.Of(after), realm?.AcrValues ?? []);
    }
}
