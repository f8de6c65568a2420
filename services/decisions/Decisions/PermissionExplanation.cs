using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Decisions;

/// <summary>Puts into words which binding, groups and roles give a permission.</summary>
public static class PermissionExplanation
{
    public static void Explain(PermissionAssignment assignment, Principal principal, string permission, DecisionTrace trace)
    {
        var subject = principal.Type == MemberType.User ? $"user {principal.Id}" : $"client {principal.Id}";
        if (assignment.Binding is not { } binding)
        {
            trace.Step($"No role that the {subject} holds here has {permission}.");
            return;
        }

        trace.RoleBindingId = binding.RoleBindingId;
        trace.GroupIds = assignment.GroupIds;
        trace.RoleIds = assignment.RoleIds;
        trace.BindingOrganizationId = binding.OrganizationId;
        if (assignment.GroupIds.Count > 0)
        {
            trace.Step($"The {subject} is a member of group {string.Join(", which is in group ", assignment.GroupIds)}.");
        }

        var member = binding.MemberType == MemberType.Group ? $"group {binding.MemberId}" : subject;
        var context = binding.OrganizationId is null ? "the realm" : $"organization {binding.OrganizationId}";
        trace.Step($"The role binding {binding.RoleBindingId} gives role {binding.RoleId} to {member} in {context}.");
        if (assignment.RoleIds.Count > 1)
        {
            trace.Step($"Role {string.Join(" includes role ", assignment.RoleIds)}.");
        }

        trace.Step(assignment.Outcome == AssignmentOutcome.Assigned
            ? $"Role {(assignment.RoleIds.Count > 0 ? assignment.RoleIds[^1] : binding.RoleId)} has {permission}."
            : "A condition of the role binding is not met.");
    }
}
