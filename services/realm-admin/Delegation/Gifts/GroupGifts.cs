using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Delegation.Gifts;

/// <summary>A group that is nested in others gives its members what those are bound to.</summary>
internal static class GroupGifts
{
    public static async Task<IReadOnlyList<Gift>> OfAsync(RealmView view, Group? before, Group after, CancellationToken cancellationToken)
    {
        var above = await view.GroupsAndAboveAsync(after.ParentGroupIds, cancellationToken);
        var was = await view.GroupsAndAboveAsync(before?.ParentGroupIds ?? [], cancellationToken);
        return await BindingGifts.OfAllAsync(view, await view.BindingsOfGroupsAsync(above.Except(was), cancellationToken), cancellationToken);
    }
}
