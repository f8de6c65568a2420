using Pltfrms.Iam.Common.Realms;

namespace Pltfrms.Iam.Common.Permissions;

/// <summary>What a principal may do in a context, by role bindings alone (User → Group → Role → Permission; design section 2).</summary>
public static class PermissionEvaluator
{
    /// <summary>Whether the principal has the permission. The context is the realm itself where <paramref name="organizationId"/> is null.</summary>
    public static PermissionAssignment Evaluate(
        RealmSnapshot realm, Principal principal, string? organizationId, string permission, in DecisionFacts facts) =>
        throw new NotImplementedException();

    /// <summary>Every permission that <see cref="Evaluate"/> says is assigned, sorted.</summary>
    public static IReadOnlyList<string> List(RealmSnapshot realm, Principal principal, string? organizationId, in DecisionFacts facts) =>
        throw new NotImplementedException();

    /// <summary>What a set of roles gives, with the roles that they include.</summary>
    public static IReadOnlySet<string> PermissionsOfRoles(RealmSnapshot realm, IEnumerable<string> roleIds) =>
        throw new NotImplementedException();
}
