using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.Delegation;

/// <summary>
/// What an administrator of some organizations sees of a realm. The realm's vocabulary, roles, scopes and resource servers, is for all to read.
/// </summary>
public sealed class ReachView(RealmView view, Reach reach)
{
    /// <summary>Whether something of an organization, or null: of the realm, is within reach.</summary>
    public async Task<bool> ContainsAsync(string? organizationId, CancellationToken cancellationToken) =>
        reach.Organizations is not { } roots || (await view.AncestorsAndSelfAsync(organizationId, cancellationToken)).Any(roots.Contains);

    public async Task<bool> ContainsAllAsync(IEnumerable<string> organizationIds, CancellationToken cancellationToken)
    {
        foreach (var organizationId in organizationIds)
        {
            if (!await ContainsAsync(organizationId, cancellationToken))
            {
                return false;
            }
        }

        return true;
    }

    public async Task<bool> SeesAsync(IRealmResource resource, CancellationToken cancellationToken)
    {
        if (reach.IsRealm)
        {
            return true;
        }

        return resource switch
        {
            Organization organization => await ContainsAsync(organization.OrganizationId, cancellationToken),
            Client client => await ContainsAsync(client.OwnerOrganizationId, cancellationToken),
            Group group => await ContainsAsync(group.OwnerOrganizationId, cancellationToken),
            RoleBinding binding => await ContainsAsync(binding.OrganizationId, cancellationToken),
            DelegationRecord delegation => await ContainsAsync(delegation.OrganizationId, cancellationToken),
            User user => (await OrganizationsAsync(user.OrganizationIds, cancellationToken)).Count > 0,
            Realm => false,
            _ => true,
        };
    }

    public async Task<bool> SeesAsync(ResourceKind kind, string id, CancellationToken cancellationToken) =>
        await view.FindAsync<IRealmResource>(kind, id, cancellationToken) is { } resource && await SeesAsync(resource, cancellationToken);

    /// <summary>Whether a user of a delegation has no organization out of reach, or its client is within: then it can end, wherever it holds.</summary>
    public async Task<bool> OwnsPartyAsync(DelegationRecord delegation, CancellationToken cancellationToken) =>
        await OwnsAsync(delegation.DelegatorId, cancellationToken)
        || (delegation.DelegateType == MemberType.User
            ? await OwnsAsync(delegation.DelegateId, cancellationToken)
            : await SeesAsync(ResourceKind.Client, delegation.DelegateId, cancellationToken));

    private async Task<bool> OwnsAsync(string userId, CancellationToken cancellationToken) =>
        await view.FindAsync<User>(ResourceKind.User, userId, cancellationToken) is { OrganizationIds: { Count: > 0 } ids }
        && await ContainsAllAsync(ids, cancellationToken);

    /// <summary>Those organizations that are within reach.</summary>
    public async Task<IReadOnlyList<string>> OrganizationsAsync(IEnumerable<string> organizationIds, CancellationToken cancellationToken)
    {
        List<string> seen = [];
        foreach (var organizationId in organizationIds)
        {
            if (await ContainsAsync(organizationId, cancellationToken))
            {
                seen.Add(organizationId);
            }
        }

        return seen;
    }

    /// <summary>Those groups that are within reach.</summary>
    public async Task<IReadOnlyList<string>> GroupsAsync(IEnumerable<string> groupIds, CancellationToken cancellationToken)
    {
        List<string> seen = [];
        foreach (var groupId in groupIds)
        {
            if (reach.IsRealm || await SeesAsync(ResourceKind.Group, groupId, cancellationToken))
            {
                seen.Add(groupId);
            }
        }

        return seen;
    }

    /// <summary>A resource with what its writer could neither see nor name: it stays as it is.</summary>
    public async Task<IRealmResource> WithHiddenAsync(IRealmResource sent, IRealmResource stored, CancellationToken cancellationToken) => (sent, stored) switch
    {
        _ when reach.IsRealm => sent,
        (User user, User was) => user with
        {
            OrganizationIds = Joined(user.OrganizationIds, was.OrganizationIds.Except(await OrganizationsAsync(was.OrganizationIds, cancellationToken))),
            GroupIds = Joined(user.GroupIds, was.GroupIds.Except(await GroupsAsync(was.GroupIds, cancellationToken))),
        },
        (Group group, Group was) => group with
        {
            ParentGroupIds = Joined(group.ParentGroupIds, was.ParentGroupIds.Except(await GroupsAsync(was.ParentGroupIds, cancellationToken))),
        },
        _ => sent,
    };

    /// <summary>Takes out of an answer what its reader may not see.</summary>
    public async Task HideAsync(Wire.User user, CancellationToken cancellationToken)
    {
        Replace(user.OrganizationIds, await OrganizationsAsync(user.OrganizationIds, cancellationToken));
        Replace(user.GroupIds, await GroupsAsync(user.GroupIds, cancellationToken));
    }

    /// <summary>The same of a group.</summary>
    public async Task HideAsync(Wire.Group group, CancellationToken cancellationToken) =>
        Replace(group.ParentGroupIds, await GroupsAsync(group.ParentGroupIds, cancellationToken));

    private static ValueList<string> Joined(IEnumerable<string> sent, IEnumerable<string> hidden) =>
        sent.Union(hidden).Order(StringComparer.Ordinal).ToValueList();

    private static void Replace(IList<string> items, IReadOnlyList<string> kept)
    {
        foreach (var hidden in items.Except(kept).ToList())
        {
            items.Remove(hidden);
        }
    }
}
