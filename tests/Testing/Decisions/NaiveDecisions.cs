using Pltfrms.Iam.Common.AuthorizationDetails;
using Pltfrms.Iam.Common.Decisions;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Tokens;

namespace Testing.Decisions;

/// <summary>
/// The decision as design section 5 defines it, from lists of records: no cache, no index, nothing compiled, no code of the product's deciding.
/// Whatever decides must come to the same answers.
/// </summary>
/// <param name="resources">The realm.</param>
/// <param name="revoked">The ids of tokens and grants.</param>
/// <param name="assertions">Whose word counts.</param>
/// <param name="proofs">The DPoP proofs that are good, each for the token that it is made with.</param>
/// <param name="now">The time.</param>
public sealed class NaiveDecisions(
    IReadOnlyCollection<IRealmResource> resources, IReadOnlySet<string> revoked, NaiveAssertions assertions, IReadOnlySet<string> proofs, DateTimeOffset now)
{
    private readonly NaiveRealm _realm = new(resources);
    private readonly NaiveRoles _roles = new(new(resources));

    /// <summary>Whether a token that we signed is active.</summary>
    public bool IsActive(AccessToken token) =>
        now < token.ExpiresAt
        && _realm.IsWelcome(Principal.Client(token.ClientId))
        && _realm.IsWelcome(token.Subject)
        && token.Actors.All(_realm.IsWelcome)
        && !token.ParentIds.Prepend(token.TokenId).Append(token.GrantId).Any(id => id is not null && revoked.Contains(id))
        && (token.DelegationId is null || Stands(token))
        && (token.Assertion is not { } source || assertions.Stands(token, source));

    /// <summary>Whether introspection says that a token is active: one that is tied to an organization where nothing is allowed is good for nothing.</summary>
    public bool IsUseful(AccessToken token) => IsActive(token) && (token.OrganizationId is null || _realm.IsUsable(token.OrganizationId));

    /// <summary>Whether whoever presents a token so has all that it is bound to.</summary>
    public bool IsPresented(AccessToken token, TokenPresentation? presentation) =>
        presentation is { IsVerified: true }
        || (token.Confirmation is null ? presentation?.DpopProof is null : presentation is not null && Holds(token.Confirmation, presentation));

    /// <summary>The answer about a token.</summary>
    /// <param name="token">Null: no token of ours.</param>
    /// <param name="question">What is asked.</param>
    public DecisionReason Decide(AccessToken? token, PermissionQuestion question)
    {
        if (token is null || !IsActive(token))
        {
            return DecisionReason.TokenInactive;
        }

        if (Asked(question) is not { } server)
        {
            return DecisionReason.UnknownPermission;
        }

        if (!token.Audiences.Contains(server.Audience))
        {
            return DecisionReason.AudienceMismatch;
        }

        if (!IsPresented(token, question.Presentation))
        {
            return DecisionReason.SenderConstraintFailed;
        }

        // Who administers one organization does not administer the realm: there the token's organization does not stand in.
        var organizationId = question.Context.OrganizationId ?? (server.Audience == IamPermissions.Audience ? null : token.OrganizationId);
        return token.OrganizationId is not null && (organizationId is null || !_realm.IsAtOrBelow(organizationId, token.OrganizationId))
            ? DecisionReason.OrganizationMismatch
            : organizationId is not null && !_realm.IsUsable(organizationId) ? DecisionReason.UnknownOrganization
            : Covered(token, question) is { } lack ? lack
            : ByRoles(token, organizationId, question);
    }

    /// <summary>The answer about a principal.</summary>
    public DecisionReason Decide(Principal principal, PermissionQuestion question) =>
        !_realm.IsWelcome(principal) ? DecisionReason.UnknownPrincipal
        : Asked(question) is null ? DecisionReason.UnknownPermission
        : question.Context.OrganizationId is { } organizationId && !_realm.IsUsable(organizationId) ? DecisionReason.UnknownOrganization
        : Assigned(principal, question.Context.OrganizationId, question.Permission, FactsOf(question, question.Context.Acr));

    private ResourceServer? Asked(PermissionQuestion question) =>
        _realm.Declaring(question.Permission) is { } server && (question.Context.Audience is null || question.Context.Audience == server.Audience) ? server : null;

    private bool Holds(Confirmation required, TokenPresentation presentation) =>
        (required.CertificateThumbprint is null || required.CertificateThumbprint == presentation.CertificateThumbprint)
        && (required.JwkThumbprint is null
            ? presentation.DpopProof is null
            : presentation.DpopProof is { } proof && proofs.Contains(proof));

    private DecisionReason? Covered(AccessToken token, PermissionQuestion question) =>
        token.Scopes.Any(scope => _realm.Covered(scope).Contains(question.Permission)) ? null
        : question.Resource is { } resource && token.AuthorizationDetails.Any(detail => Permits(detail, resource, question.Permission)) ? null
        : token.AuthorizationDetails.Count > 0 ? DecisionReason.ResourceNotGranted
        : DecisionReason.ScopeNotGranted;

    private bool Permits(AuthorizationDetail detail, ResourceReference resource, string permission) =>
        detail.Type == resource.Type
        && (detail.Identifier is null || detail.Identifier == resource.Identifier)
        && _realm.Realm.AuthorizationDetailsTypes.Any(type =>
            type.Type == detail.Type && type.Actions.Any(action => action.Permission == permission && detail.Actions.Contains(action.Action)));

    private DecisionReason ByRoles(AccessToken token, string? organizationId, PermissionQuestion question)
    {
        var facts = FactsOf(question, token.Acr ?? question.Context.Acr);
        for (var i = 0; i < token.Actors.Count; i++)
        {
            var isDelegate = token.DelegationId is not null && i == token.Actors.Count - 1;
            if (!MayAct(token.Actors[i], isDelegate, organizationId, question, facts))
            {
                return DecisionReason.ActorNotAllowed;
            }
        }

        return token.Assertion is { RoleIds.Count: > 0 } source
            ? ByWord(source, token.Subject, organizationId, question.Permission, facts)
            : Assigned(token.Subject, organizationId, question.Permission, facts);
    }

    /// <summary>The roles of an assertion are a ceiling and, where its issuer asserts them, given; never for what the suite itself declares.</summary>
    private DecisionReason ByWord(AssertionSource source, Principal subject, string? organizationId, string permission, DecisionFacts facts) =>
        _realm.Declaring(permission)!.Audience == IamPermissions.Audience || !source.RoleIds.Any(roleId => _roles.Includes(roleId, permission))
            ? DecisionReason.PermissionNotAssigned
            : source.AssertsRoles ? DecisionReason.Allowed
            : Assigned(subject, organizationId, permission, facts);

    /// <summary>A user's ceiling is what the user may do, but for who was let act by a delegation; a client's what it is registered for.</summary>
    private bool MayAct(Principal actor, bool isDelegate, string? organizationId, PermissionQuestion question, DecisionFacts facts)
    {
        if (actor.Type == MemberType.User)
        {
            return isDelegate || _roles.Has(actor, organizationId, question.Permission, facts) == true;
        }

        var client = _realm.All<Client>().Single(client => client.ClientId == actor.Id);
        return client.Scopes.Any(scope => _realm.Covered(scope).Contains(question.Permission))
            || (client.Scopes.Count == 0 && !client.DynamicallyRegistered && _realm.Realm.ScopePipeline.UnregisteredScopes == UnregisteredScopes.Any)
            || (question.Resource is { } resource && client.AuthorizationDetailsTypes.Contains(resource.Type));
    }

    private DecisionReason Assigned(Principal principal, string? organizationId, string permission, DecisionFacts facts) =>
        _roles.Has(principal, organizationId, permission, facts) switch
        {
            true => DecisionReason.Allowed,
            false => DecisionReason.ConditionNotMet,
            null => DecisionReason.PermissionNotAssigned,
        };

    /// <summary>Whether the delegation would still give the token as it is.</summary>
    private bool Stands(AccessToken token) => _realm.All<DelegationRecord>().Any(delegation =>
        delegation.DelegationId == token.DelegationId
        && (delegation.ExpiresAt is not { } end || now < end)
        && delegation.CreatedAt.ToUnixTimeSeconds() <= token.IssuedAt.ToUnixTimeSeconds()
        && token.Subject == Principal.User(delegation.DelegatorId)
        && token.Actors.Count > 0 && token.Actors[^1] == new Principal(delegation.DelegateType, delegation.DelegateId)
        // The client that a user acts through is the user's own hand.
        && token.Actors.Count - 1 - (delegation.DelegateType == MemberType.User ? 1 : 0) <= delegation.MaxDepth
        && (delegation.OrganizationId is null || (token.OrganizationId is not null && _realm.IsAtOrBelow(token.OrganizationId, delegation.OrganizationId)))
        && token.Scopes.All(scope => _realm.Covers([.. delegation.Scopes], scope)));

    private DecisionFacts FactsOf(PermissionQuestion question, string? acr) => new(now, question.Context.SourceAddress, acr);
}
