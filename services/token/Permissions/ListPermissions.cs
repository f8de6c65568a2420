using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.SenderConstraints;
using Pltfrms.Iam.Token.Tokens;

namespace Pltfrms.Iam.Token.Permissions;

/// <summary>Lists what <see cref="CheckPermission"/> would allow to the same subject in the same context.</summary>
public sealed class ListPermissions(RealmSnapshots realms, ActiveTokens tokens, PresentedTokens presented, TimeProvider clock)
{
    public async ValueTask<PermissionList> ExecuteAsync(
        string realmId, CheckSubject subject, CheckContext context, TokenPresentation? presentation, long minRevision, CancellationToken cancellationToken)
    {
        var realm = await realms.GetAsync(realmId, minRevision, cancellationToken);
        if (context.Audience is not null && realm.FindResourceServer(context.Audience) is null)
        {
            return Nothing(DecisionReason.UnknownPermission, realm);
        }

        return subject.AccessToken is { } accessToken
            ? await ForTokenAsync(realm, accessToken, context, presentation, cancellationToken)
            : ForPrincipal(realm, subject.Principal!.Value, context);
    }

    private async ValueTask<PermissionList> ForTokenAsync(
        RealmSnapshot realm, string accessToken, CheckContext context, TokenPresentation? presentation, CancellationToken cancellationToken)
    {
        var token = await tokens.FindAsync(realm, accessToken, cancellationToken);
        return token is not null && await presented.FailureAsync(realm, token, accessToken, presentation, cancellationToken) is not null
            ? Nothing(DecisionReason.SenderConstraintFailed, realm)
            : ForToken(realm, token, context);
    }

    private PermissionList ForToken(RealmSnapshot realm, AccessToken? token, in CheckContext context)
    {
        if (token is null)
        {
            return Nothing(DecisionReason.TokenInactive, realm);
        }

        if (context.Audience is not null && !PermissionDecision.Contains(token.Audiences, context.Audience))
        {
            return Nothing(DecisionReason.AudienceMismatch, realm);
        }

        var organizationId = context.OrganizationId ?? token.OrganizationId;
        if (!PermissionDecision.IsWithinToken(realm, token, organizationId))
        {
            return Nothing(DecisionReason.OrganizationMismatch, realm);
        }

        if (organizationId is not null && !realm.IsUsableOrganization(organizationId))
        {
            return Nothing(DecisionReason.UnknownOrganization, realm);
        }

        var facts = new DecisionFacts(clock.GetUtcNow(), context.SourceAddress, token.Acr ?? context.Acr);
        var permissions = new List<string>();
        foreach (var permission in Held(realm, token, organizationId, facts))
        {
            if (IsGoodFor(realm, token, permission, context) && ActorCeiling.FirstBelow(realm, token, permission, resource: null, organizationId, facts) is null)
            {
                permissions.Add(permission);
            }
        }

        return Listed(permissions, realm);
    }

    /// <summary>By the realm's bindings, or by the roles that the token's assertion gives; never beyond those that it limits the token to.</summary>
    private static IEnumerable<string> Held(RealmSnapshot realm, AccessToken token, string? organizationId, in DecisionFacts facts)
    {
        var bound = PermissionEvaluator.List(realm, token.Subject, organizationId, facts);
        return token.Assertion is not { RoleIds.Count: > 0 } source ? bound : bound
            .Where(permission => AssertedRoles.Allow(realm, source, permission))
            .Union(AssertedRoles.Given(realm, source))
            .Order(StringComparer.Ordinal);
    }

    private PermissionList ForPrincipal(RealmSnapshot realm, Principal principal, in CheckContext context)
    {
        if (!PermissionDecision.IsKnown(realm, principal))
        {
            return Nothing(DecisionReason.UnknownPrincipal, realm);
        }

        if (context.OrganizationId is not null && !realm.IsUsableOrganization(context.OrganizationId))
        {
            return Nothing(DecisionReason.UnknownOrganization, realm);
        }

        var facts = new DecisionFacts(clock.GetUtcNow(), context.SourceAddress, context.Acr);
        var permissions = new List<string>();
        foreach (var permission in PermissionEvaluator.List(realm, principal, context.OrganizationId, facts))
        {
            if (realm.FindDeclaringResourceServer(permission) is { } server && (context.Audience is null || context.Audience == server.Audience))
            {
                permissions.Add(permission);
            }
        }

        return Listed(permissions, realm);
    }

    private static bool IsGoodFor(RealmSnapshot realm, AccessToken token, string permission, in CheckContext context) =>
        realm.FindDeclaringResourceServer(permission) is { } server
        && (context.Audience is null || context.Audience == server.Audience)
        && PermissionDecision.Contains(token.Audiences, server.Audience)
        && PermissionDecision.IsWithinToken(realm, token, PermissionDecision.OrganizationOf(token, server, context))
        && PermissionDecision.CoveringScope(realm, token.Scopes, permission) is not null;

    private static PermissionList Listed(List<string> permissions, RealmSnapshot realm) =>
        new(permissions, permissions.Count > 0 ? DecisionReason.Allowed : DecisionReason.PermissionNotAssigned, realm.Revision);

    private static PermissionList Nothing(DecisionReason reason, RealmSnapshot realm) => new([], reason, realm.Revision);
}

/// <summary>An answer about everything.</summary>
/// <param name="Permissions">Sorted.</param>
/// <param name="Reason">ALLOWED, or why there is nothing to list.</param>
/// <param name="Revision">The realm revision that the answer reflects.</param>
public readonly record struct PermissionList(IReadOnlyList<string> Permissions, DecisionReason Reason, long Revision);
