using System.Net;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;

namespace Testing.Decisions;

/// <summary>Who has which role where, written down as design section 2 has it: every way through groups, roles and organizations is walked anew.</summary>
internal sealed class NaiveRoles(NaiveRealm realm)
{
    /// <summary>True: has it. False: would have it if a condition were met. Null: has it not.</summary>
    public bool? Has(Principal principal, string? organizationId, string permission, DecisionFacts facts)
    {
        if (!Exists(principal) || realm.Declaring(permission) is null)
        {
            return null;
        }

        var unexpired = realm.All<RoleBinding>()
            .Where(binding => IsOf(principal, binding) && IsGoodIn(organizationId, binding.OrganizationId) && Includes(binding.RoleId, permission, []))
            .Where(binding => binding.ExpiresAt is not { } end || facts.Now < end)
            .ToList();
        return unexpired.Count == 0 ? null : unexpired.Any(binding => IsMet(binding.Conditions, facts));
    }

    public bool Includes(string roleId, string permission) => Includes(roleId, permission, []);

    private bool Exists(Principal principal) => principal.Type == MemberType.User
        ? realm.All<User>().Any(user => user.UserId == principal.Id)
        : realm.All<Client>().Any(client => client.ClientId == principal.Id);

    private bool IsOf(Principal principal, RoleBinding binding) => binding.MemberType == MemberType.Group
        ? principal.Type == MemberType.User
            && realm.All<User>().Single(user => user.UserId == principal.Id).GroupIds.Any(groupId => IsWithin(groupId, binding.MemberId, []))
        : binding.MemberType == principal.Type && binding.MemberId == principal.Id;

    private bool IsWithin(string groupId, string ancestorId, string[] below) =>
        !below.Contains(groupId)
        && realm.All<Group>().FirstOrDefault(group => group.GroupId == groupId) is { } group
        && (groupId == ancestorId || group.ParentGroupIds.Any(parentId => IsWithin(parentId, ancestorId, [.. below, groupId])));

    private bool IsGoodIn(string? organizationId, string? boundIn) =>
        boundIn is null || (organizationId is not null && realm.IsWithin(organizationId, boundIn));

    private bool Includes(string roleId, string permission, string[] above) =>
        !above.Contains(roleId)
        && realm.Roles.FirstOrDefault(role => role.RoleId == roleId) is { } role
        && (role.Permissions.Contains(permission) || role.IncludedRoleIds.Any(included => Includes(included, permission, [.. above, roleId])));

    private bool IsMet(RoleBindingConditions? conditions, DecisionFacts facts)
    {
        if (conditions is null)
        {
            return true;
        }

        var strengths = realm.Realm.AcrValues.ToList();
        return (conditions.StartsAt is not { } start || facts.Now >= start)
            && (conditions.EndsAt is not { } end || facts.Now < end)
            && (conditions.SourceNetworks.Count == 0 || conditions.SourceNetworks.Any(network => Contains(network, facts.SourceAddress)))
            && (conditions.MinAcr is null
                || (facts.Acr is not null && strengths.Contains(conditions.MinAcr) && strengths.IndexOf(facts.Acr) >= strengths.IndexOf(conditions.MinAcr)));
    }

    private static bool Contains(string network, IPAddress? address) =>
        address is not null && IPNetwork.TryParse(network, out var parsed) && parsed.Contains(address);
}
