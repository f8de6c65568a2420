using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Changes;

namespace Pltfrms.Iam.RealmAdmin.Delegation;

/// <summary>
/// What an administrator of some organizations may change: what belongs to them before and after. Clients and groups belong to their owner, role bindings
/// and delegations to the organization that they hold in, an organization to the one above it. A user belongs to an administrator who has all of the user's
/// organizations; of any other user that is seen, only the memberships within reach may change. Everything else belongs to the realm.
/// </summary>
internal static class Belonging
{
    public static async Task<bool> AllowsAsync(ReachView sight, RealmChange change, CancellationToken cancellationToken) => change.Resource switch
    {
        DelegationRecord delegation when change.After is null && await sight.OwnsPartyAsync(delegation, cancellationToken) => true,
        User => await UserAsync(sight, change.Before as User, change.After as User, cancellationToken),
        Client or Group or RoleBinding or DelegationRecord or Organization =>
            await PlaceAsync(sight, change.Before, cancellationToken) && await PlaceAsync(sight, change.After, cancellationToken),
        _ => false,
    };

    private static async Task<bool> PlaceAsync(ReachView sight, IRealmResource? resource, CancellationToken cancellationToken) => resource switch
    {
        null => true,
        Client client => await sight.ContainsAsync(client.OwnerOrganizationId, cancellationToken),
        Group group => await sight.ContainsAsync(group.OwnerOrganizationId, cancellationToken),
        RoleBinding binding => await sight.ContainsAsync(binding.OrganizationId, cancellationToken),
        DelegationRecord delegation => await sight.ContainsAsync(delegation.OrganizationId, cancellationToken),
        Organization organization => await sight.ContainsAsync(organization.ParentOrganizationId, cancellationToken),
        _ => false,
    };

    private static async Task<bool> UserAsync(ReachView sight, User? before, User? after, CancellationToken cancellationToken)
    {
        var isOwn = (before ?? after)!.OrganizationIds.Count > 0
            && await sight.ContainsAllAsync((before ?? after)!.OrganizationIds, cancellationToken);
        if (before is null || after is null)
        {
            return isOwn;
        }

        var isSeen = isOwn || await sight.SeesAsync(before, cancellationToken);
        return isSeen
            && (isOwn || before with { OrganizationIds = after.OrganizationIds, GroupIds = after.GroupIds } == after)
            && await sight.ContainsAllAsync(Differing(before.OrganizationIds, after.OrganizationIds), cancellationToken)
            && (isOwn || await SeesGroupsAsync(sight, Differing(before.GroupIds, after.GroupIds), cancellationToken));
    }

    private static async Task<bool> SeesGroupsAsync(ReachView sight, IReadOnlyList<string> groupIds, CancellationToken cancellationToken) =>
        (await sight.GroupsAsync(groupIds, cancellationToken)).Count == groupIds.Count;

    private static IReadOnlyList<string> Differing(IReadOnlyList<string> before, IReadOnlyList<string> after) =>
        [.. before.Except(after), .. after.Except(before)];
}
