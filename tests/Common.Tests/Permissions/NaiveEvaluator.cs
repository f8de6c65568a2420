using System.Net;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;

namespace Common.Tests.Permissions;

/// <summary>The definition of a permission by role bindings, as slow as it reads: every way through groups and roles is tried.</summary>
internal sealed class NaiveEvaluator(IReadOnlyCollection<IRealmResource> resources)
{
    public PermissionAssignment Evaluate(Principal principal, string? organizationId, string permission, DecisionFacts facts)
    {
        var ways = Ways(principal, organizationId, permission)
            .Where(way => way.Binding.ExpiresAt is not { } expiry || expiry > facts.Now)
            .OrderBy(way => way.Binding.Conditions is not null)
            .ThenBy(way => way.Groups.Length + way.Roles.Length)
            .ThenBy(way => way.Binding.RoleBindingId, StringComparer.Ordinal)
            .ThenBy(way => string.Join('\0', way.Groups), StringComparer.Ordinal)
            .ThenBy(way => string.Join('\0', way.Roles), StringComparer.Ordinal)
            .ToList();
        if (ways.Count == 0)
        {
            return new() { Outcome = AssignmentOutcome.NotAssigned };
        }

        var met = ways.FindIndex(way => AreMet(way.Binding.Conditions, facts));
        var chosen = ways[Math.Max(met, 0)];
        return new()
        {
            Outcome = met < 0 ? AssignmentOutcome.ConditionNotMet : AssignmentOutcome.Assigned,
            Binding = chosen.Binding,
            GroupIds = chosen.Groups,
            RoleIds = chosen.Roles,
        };
    }

    private IEnumerable<(RoleBinding Binding, string[] Groups, string[] Roles)> Ways(
        Principal principal, string? organizationId, string permission)
    {
        var exists = resources.Any(resource => resource switch
        {
            User user => principal == Principal.User(user.UserId),
            Client client => principal == Principal.Client(client.ClientId),
            _ => false,
        });
        var isDeclared = resources.OfType<ResourceServer>().Any(server => server.Permissions.Any(declared => declared.Name == permission));
        return from binding in resources.OfType<RoleBinding>()
               where exists && isDeclared && Applies(binding.OrganizationId, organizationId)
               from groups in WaysToMember(principal, binding)
               from roles in WaysToPermission(binding.RoleId, permission, [])
               select (binding, groups, roles);
    }

    private bool Applies(string? bindingOrganizationId, string? organizationId)
    {
        var seen = new HashSet<string>();
        while (organizationId is not null && seen.Add(organizationId))
        {
            var organization = resources.OfType<Organization>().FirstOrDefault(candidate => candidate.OrganizationId == organizationId);
            if (organization is not null && organization.OrganizationId == bindingOrganizationId)
            {
                return true;
            }

            organizationId = organization?.ParentOrganizationId;
        }

        return bindingOrganizationId is null;
    }

    private IEnumerable<string[]> WaysToMember(Principal principal, RoleBinding binding)
    {
        if (binding.MemberType != MemberType.Group)
        {
            return new Principal(binding.MemberType, binding.MemberId) == principal ? [[]] : [];
        }

        var user = principal.Type == MemberType.User ? resources.OfType<User>().Single(candidate => candidate.UserId == principal.Id) : null;
        return (user?.GroupIds ?? []).SelectMany(groupId => WaysToGroup(groupId, binding.MemberId, []));
    }

    private IEnumerable<string[]> WaysToGroup(string groupId, string targetId, string[] before)
    {
        var group = resources.OfType<Group>().FirstOrDefault(candidate => candidate.GroupId == groupId);
        if (group is null || before.Contains(groupId))
        {
            return [];
        }

        string[] way = [.. before, groupId];
        return groupId == targetId ? [way] : group.ParentGroupIds.SelectMany(parentId => WaysToGroup(parentId, targetId, way));
    }

    private IEnumerable<string[]> WaysToPermission(string roleId, string permission, string[] before)
    {
        var role = resources.OfType<Role>().FirstOrDefault(candidate => candidate.RoleId == roleId);
        if (role is null || before.Contains(roleId))
        {
            return [];
        }

        string[] way = [.. before, roleId];
        var further = role.IncludedRoleIds.SelectMany(includedId => WaysToPermission(includedId, permission, way));
        return role.Permissions.Contains(permission) ? further.Prepend(way) : further;
    }

    private bool AreMet(RoleBindingConditions? conditions, DecisionFacts facts)
    {
        if (conditions is null)
        {
            return true;
        }

        var acrValues = resources.OfType<Realm>().Single().AcrValues.ToList();
        return (conditions.StartsAt ?? facts.Now) <= facts.Now
            && facts.Now < (conditions.EndsAt ?? DateTimeOffset.MaxValue)
            && (conditions.SourceNetworks.Count == 0 || conditions.SourceNetworks.Any(network => Contains(network, facts.SourceAddress)))
            && (conditions.MinAcr is null
                || (facts.Acr is not null
                    && acrValues.Contains(conditions.MinAcr)
                    && acrValues.IndexOf(facts.Acr) >= acrValues.IndexOf(conditions.MinAcr)));
    }

    private static bool Contains(string network, IPAddress? address) =>
        address is not null && IPNetwork.TryParse(network, out var parsed) && parsed.Contains(address);
}
