using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Scopes;
using Pltfrms.Iam.Common.Tokens;

namespace Pltfrms.Iam.Common.Decisions;

/// <summary>
/// What those who act for a subject may do at the most (design section 5): a client what a scope covers that it is registered for,
/// a user what that user may do. So nobody does more through another than alone. Who was let act by a delegation has its ceiling in that: a user who
/// could only do what the user may do anyway would need none.
/// </summary>
public static class ActorCeiling
{
    /// <summary>The first actor that may not use the permission; null: all may.</summary>
    /// <param name="realm">The realm.</param>
    /// <param name="token">The delegated token.</param>
    /// <param name="permission">A permission that the realm declares.</param>
    /// <param name="resource">What is acted on; null: not told.</param>
    /// <param name="organizationId">What is decided in; null: the realm itself.</param>
    /// <param name="facts">For the conditions of users' role bindings.</param>
    public static Principal? FirstBelow(RealmSnapshot realm, AccessToken token, string permission, ResourceReference? resource, string? organizationId, in DecisionFacts facts)
    {
        for (var i = 0; i < token.Actors.Count; i++)
        {
            var actor = token.Actors[i];
            var isDelegate = token.DelegationId is not null && i == token.Actors.Count - 1;
            var isAllowed = actor.Type == MemberType.User
                ? isDelegate || PermissionEvaluator.Evaluate(realm, actor, organizationId, permission, facts).Outcome == AssignmentOutcome.Assigned
                : realm.FindClient(actor.Id) is { } client && (RegisteredScopes.Cover(realm, client, permission) || MayUse(client, resource));
            if (!isAllowed)
            {
                return actor;
            }
        }

        return null;
    }

    private static bool MayUse(Client client, ResourceReference? resource) => resource is not null && ResourceGrants.MayUse(client, resource);
}
