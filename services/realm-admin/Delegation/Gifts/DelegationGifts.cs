using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Delegation.Gifts;

/// <summary>
/// A delegation lets somebody do what its scopes cover, where it holds and until it ends. What its delegator has at the moment does not count: it is the
/// ceiling that whoever writes it answers for, whatever the delegator comes to have.
/// </summary>
internal static class DelegationGifts
{
    public static async Task<IReadOnlyList<Gift>> OfAsync(
        RealmView view, DelegationRecord? before, DelegationRecord after, CancellationToken cancellationToken)
    {
        var given = await CoveredAsync(view, after, cancellationToken);
        if (before is not null && await IsNarrowedAsync(view, before, after, cancellationToken))
        {
            given.ExceptWith(await CoveredAsync(view, before, cancellationToken));
        }

        return [new Gift(given, after.OrganizationId, BindingTerms.Of(conditions: null, after.ExpiresAt))];
    }

    /// <summary>What delegations to somebody let whoever comes to be that somebody do.</summary>
    public static async Task<IReadOnlyList<Gift>> OfAllToAsync(
        RealmView view, MemberType delegateType, string delegateId, CancellationToken cancellationToken)
    {
        List<Gift> gifts = [];
        foreach (var delegation in await view.DelegationsToAsync(delegateType, delegateId, cancellationToken))
        {
            gifts.AddRange(await OfAsync(view, null, delegation, cancellationToken));
        }

        return gifts;
    }

    private static async Task<HashSet<string>> CoveredAsync(RealmView view, DelegationRecord delegation, CancellationToken cancellationToken)
    {
        HashSet<string> covered = new(StringComparer.Ordinal);
        foreach (var scope in delegation.Scopes)
        {
            covered.UnionWith(await view.PermissionsOfScopeAsync(scope, cancellationToken));
        }

        return covered;
    }

    /// <summary>Whether the same delegate acts for the same user at most where, for as long and through as many others as before.</summary>
    private static async Task<bool> IsNarrowedAsync(
        RealmView view, DelegationRecord before, DelegationRecord after, CancellationToken cancellationToken) =>
        (before.DelegatorId, before.DelegateType, before.DelegateId) == (after.DelegatorId, after.DelegateType, after.DelegateId)
        && after.MaxDepth <= before.MaxDepth
        && (after.ExpiresAt ?? DateTimeOffset.MaxValue) <= (before.ExpiresAt ?? DateTimeOffset.MaxValue)
        && (before.OrganizationId is null
            || (await view.AncestorsAndSelfAsync(after.OrganizationId, cancellationToken)).Contains(before.OrganizationId));
}
