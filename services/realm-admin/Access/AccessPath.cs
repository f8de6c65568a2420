using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Access;

/// <summary>One way from a principal to a permission.</summary>
/// <param name="Binding">The role binding.</param>
/// <param name="GroupIds">From the group that the user is a member of to the one that is bound; empty: bound directly.</param>
/// <param name="RoleIds">From the bound role to the one that has the permission.</param>
public sealed record AccessPath(RoleBinding Binding, ValueList<string> GroupIds, ValueList<string> RoleIds)
{
    public int Length => GroupIds.Count + RoleIds.Count;

    public string Sentence(Principal principal) => $"{Sentences.Capital(Words(principal))}.";

    /// <summary>The sentence as a part of another.</summary>
    public string Words(Principal principal)
    {
        var member = principal.Type == MemberType.User ? "the user" : "the client";
        var to = GroupIds.Count == 0 ? member : $"group '{GroupIds[^1]}'";
        var place = Binding.OrganizationId is { } organizationId ? $"in organization '{organizationId}'" : "in the realm";
        var groups = GroupIds.Count == 0 ? "" : $"; {member} is in {string.Join(", which is in ", GroupIds.Select(id => $"'{id}'"))}";
        var roles = RoleIds.Count == 1 ? "" : $"; the role includes {string.Join(", which includes ", RoleIds.Skip(1).Select(id => $"'{id}'"))}";
        return $"role binding '{Binding.RoleBindingId}' gives role '{RoleIds[0]}' {place} to {to}{BindingTerms.Words(Binding)}{groups}{roles}";
    }
}
