using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Delegation.Gifts;

/// <summary>
/// A user who joins groups gets what those are bound to. Whoever says at which provider a user logs in can be that user, and so gives away all that
/// the user has; and so does who enables the user again.
/// </summary>
internal static class UserGifts
{
    public static async Task<IReadOnlyList<Gift>> OfAsync(RealmView view, User? before, User after, CancellationToken cancellationToken)
    {
        var groups = await view.GroupsAndAboveAsync(after.GroupIds, cancellationToken);
        var isControlled = after.ExternalIdentities.Except(before?.ExternalIdentities ?? []).Any() || before is { Disabled: true } && !after.Disabled;
        if (isControlled)
        {
            var own = await view.BindingsOfAsync(MemberType.User, after.UserId, cancellationToken);
            return
            [
                .. await BindingGifts.OfAllAsync(view, [.. own, .. await view.BindingsOfGroupsAsync(groups, cancellationToken)], cancellationToken),
                .. await DelegationGifts.OfAllToAsync(view, MemberType.User, after.UserId, cancellationToken),
            ];
        }

        var was = await view.GroupsAndAboveAsync(before?.GroupIds ?? [], cancellationToken);
        return await BindingGifts.OfAllAsync(view, await view.BindingsOfGroupsAsync(groups.Except(was), cancellationToken), cancellationToken);
    }
}
