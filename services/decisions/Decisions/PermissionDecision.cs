using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Tokens;

namespace Pltfrms.Iam.Common.Decisions;

/// <summary>
/// The decision of design section 5, as a pure function: denies until every condition holds.
/// The first condition that fails, in the order below, is the reason.
/// </summary>
public static class PermissionDecision
{
    /// <summary>What a token allows: its scopes, audience and organization, and what its subject may do.</summary>
    /// <param name="realm">The realm.</param>
    /// <param name="token">Active; null: the token is not.</param>
    /// <param name="question">The question; its subject is not looked at.</param>
    /// <param name="senderFailure">Why the token is not shown to be its presenter's; null: it is.</param>
    /// <param name="now">The time of the decision.</param>
    public static Decision ForToken(RealmSnapshot realm, AccessToken? token, PermissionQuestion question, string? senderFailure, DateTimeOffset now)
    {
        var trace = question.IncludeTrace ? new DecisionTrace() : null;
        if (token is null)
        {
            trace?.Step("The access token is not active: malformed, expired, revoked, of another realm, of a disabled client or user, or from a delegation that has ended.");
            return new(DecisionReason.TokenInactive, trace);
        }

        trace?.Step($"The access token {token.TokenId} of client {token.ClientId} is active; its subject is the {Word(token.Subject.Type)} {token.Subject.Id}.");
        if (trace is not null && token.Actors.Count > 0)
        {
            trace.Step($"For the subject acts {string.Join(", for whom acted ", token.Actors.Select(actor => $"the {Word(actor.Type)} {actor.Id}"))}.");
        }

        if (Declaring(realm, question, trace) is not { } server)
        {
            return new(DecisionReason.UnknownPermission, trace);
        }

        if (!Contains(token.Audiences, server.Audience))
        {
            trace?.Step($"The token is for {string.Join(", ", token.Audiences)}, not for {server.Audience}.");
            return new(DecisionReason.AudienceMismatch, trace);
        }

        if (senderFailure is not null)
        {
            trace?.Step(senderFailure);
            return new(DecisionReason.SenderConstraintFailed, trace);
        }

        return InOrganization(realm, token, OrganizationOf(token, server, question.Context), question, now, trace);
    }

    /// <summary>What a principal may do, whatever token it may hold.</summary>
    public static Decision ForPrincipal(RealmSnapshot realm, Principal principal, PermissionQuestion question, DateTimeOffset now)
    {
        var trace = question.IncludeTrace ? new DecisionTrace() : null;
        if (!IsKnown(realm, principal))
        {
            trace?.Step($"The realm has no {Word(principal.Type)} {principal.Id}, or it is disabled.");
            return new(DecisionReason.UnknownPrincipal, trace);
        }

        if (Declaring(realm, question, trace) is null)
        {
            return new(DecisionReason.UnknownPermission, trace);
        }

        if (!IsUsable(realm, question.Context.OrganizationId, trace))
        {
            return new(DecisionReason.UnknownOrganization, trace);
        }

        var facts = new DecisionFacts(now, question.Context.SourceAddress, question.Context.Acr);
        return Assigned(realm, principal, question.Context.OrganizationId, question.Permission, facts, trace);
    }

    /// <summary>
    /// The organization that is decided in. The suite's own permissions act on the whole realm unless the question says otherwise:
    /// there a token's organization never stands in, or who administers one organization would administer all.
    /// </summary>
    public static string? OrganizationOf(AccessToken token, ResourceServer server, in CheckContext context) =>
        context.OrganizationId ?? (server.Audience == IamPermissions.Audience ? null : token.OrganizationId);

    /// <summary>A token that is tied to an organization is good there and below.</summary>
    public static bool IsWithinToken(RealmSnapshot realm, AccessToken token, string? organizationId) =>
        token.OrganizationId is null
        || (organizationId is not null && (organizationId == token.OrganizationId || realm.IsWithin(organizationId, token.OrganizationId)));

    public static bool IsKnown(RealmSnapshot realm, Principal principal) => principal.Type switch
    {
        MemberType.User => realm.FindUser(principal.Id) is { Disabled: false },
        MemberType.Client => realm.FindClient(principal.Id) is { Disabled: false },
        _ => false,
    };

    /// <summary>The first of the scopes that covers the permission.</summary>
    public static string? CoveringScope(RealmSnapshot realm, IReadOnlyList<string> scopes, string permission)
    {
        for (var i = 0; i < scopes.Count; i++)
        {
            if (realm.ScopeCovers(scopes[i], permission))
            {
                return scopes[i];
            }
        }

        return null;
    }

    public static bool Contains(IReadOnlyList<string> items, string item)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] == item)
            {
                return true;
            }
        }

        return false;
    }

    private static Decision InOrganization(
        RealmSnapshot realm, AccessToken token, string? organizationId, PermissionQuestion question, DateTimeOffset now, DecisionTrace? trace)
    {
        if (!IsWithinToken(realm, token, organizationId))
        {
            trace?.Step($"The token is tied to organization {token.OrganizationId}; {NameOf(organizationId)} is not below it.");
            return new(DecisionReason.OrganizationMismatch, trace);
        }

        if (!IsUsable(realm, organizationId, trace))
        {
            return new(DecisionReason.UnknownOrganization, trace);
        }

        if (!IsCovered(realm, token, question, trace, out var reason))
        {
            return new(reason, trace);
        }

        var facts = new DecisionFacts(now, question.Context.SourceAddress, token.Acr ?? question.Context.Acr);
        if (ActorCeiling.FirstBelow(realm, token, question.Permission, question.Resource, organizationId, facts) is { } actor)
        {
            trace?.Step($"The {Word(actor.Type)} {actor.Id}, who acts for {token.Subject.Id}, may not use {question.Permission}.");
            return new(DecisionReason.ActorNotAllowed, trace);
        }

        return ByRoles(realm, token, question.Permission, trace)
            ?? Assigned(realm, token.Subject, organizationId, question.Permission, facts, trace);
    }

    /// <summary>What the roles of a token's assertion decide; null: nothing, they leave it to the realm's bindings.</summary>
    private static Decision? ByRoles(RealmSnapshot realm, AccessToken token, string permission, DecisionTrace? trace)
    {
        if (token.Assertion is not { RoleIds.Count: > 0 } source)
        {
            return null;
        }

        if (AssertedRoles.Giving(realm, source, permission) is { } roleId)
        {
            if (trace is not null)
            {
                trace.RoleIds = [roleId];
                trace.Step($"The issuer {source.Name} asserts role {roleId}, which has {permission}.");
            }

            return new(DecisionReason.Allowed, trace);
        }

        if (AssertedRoles.Allow(realm, source, permission))
        {
            return null;
        }

        trace?.Step($"By the issuer {source.Name} the token is good for the roles {string.Join(", ", source.RoleIds)} at the most, and none of them has {permission}.");
        return new(DecisionReason.PermissionNotAssigned, trace);
    }

    /// <summary>By a scope or, on one resource, by the authorization details.</summary>
    private static bool IsCovered(RealmSnapshot realm, AccessToken token, PermissionQuestion question, DecisionTrace? trace, out DecisionReason reason)
    {
        reason = DecisionReason.Allowed;
        if (CoveringScope(realm, token.Scopes, question.Permission) is { } scope)
        {
            if (trace is not null)
            {
                trace.Scope = scope;
                trace.Step($"The scope {scope} covers {question.Permission}.");
            }

            return true;
        }

        trace?.Step($"None of the token's scopes ({string.Join(' ', token.Scopes)}) covers {question.Permission}.");
        if (question.Resource is { } resource && ResourceGrants.Cover(realm, token, resource, question.Permission))
        {
            trace?.Step($"The token's authorization details allow {question.Permission} on the {resource.Type} {resource.Identifier}.");
            return true;
        }

        reason = token.AuthorizationDetails.Count > 0 ? DecisionReason.ResourceNotGranted : DecisionReason.ScopeNotGranted;
        return false;
    }

    private static ResourceServer? Declaring(RealmSnapshot realm, PermissionQuestion question, DecisionTrace? trace)
    {
        var server = realm.FindDeclaringResourceServer(question.Permission);
        if (server is null)
        {
            trace?.Step($"No resource server of the realm declares {question.Permission}.");
            return null;
        }

        trace?.Step($"The resource server {server.Audience} declares {question.Permission}.");
        if (question.Context.Audience is null || question.Context.Audience == server.Audience)
        {
            return server;
        }

        trace?.Step($"The resource server that asks is {question.Context.Audience}.");
        return null;
    }

    private static bool IsUsable(RealmSnapshot realm, string? organizationId, DecisionTrace? trace)
    {
        if (organizationId is not null && !realm.IsUsableOrganization(organizationId))
        {
            trace?.Step($"The realm has no organization {organizationId}, or it or one above it is disabled.");
            return false;
        }

        if (trace is not null)
        {
            trace.OrganizationId = organizationId;
            trace.Step($"Decided in {NameOf(organizationId)}.");
        }

        return true;
    }

    private static Decision Assigned(
        RealmSnapshot realm, Principal principal, string? organizationId, string permission, in DecisionFacts facts, DecisionTrace? trace)
    {
        var assignment = PermissionEvaluator.Evaluate(realm, principal, organizationId, permission, facts);
        if (trace is not null)
        {
            PermissionExplanation.Explain(assignment, principal, permission, trace);
        }

        return new(
            assignment.Outcome switch
            {
                AssignmentOutcome.Assigned => DecisionReason.Allowed,
                AssignmentOutcome.ConditionNotMet => DecisionReason.ConditionNotMet,
                _ => DecisionReason.PermissionNotAssigned,
            },
            trace);
    }

    private static string NameOf(string? organizationId) => organizationId is null ? "the realm itself" : $"organization {organizationId}";

    private static string Word(MemberType type) => type == MemberType.User ? "user" : "client";
}
