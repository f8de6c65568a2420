using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Grants;

namespace Pltfrms.Iam.Token.Exchange;

/// <summary>Decides what an exchange gives: what the subject token, the actor and the rule have in common, and for no longer than each.</summary>
public static class DecideExchange
{
    /// <exception cref="Common.Errors.IamException">EXCHANGE_REFUSED, INVALID_SCOPE, INVALID_TARGET.</exception>
    public static ExchangeDecision Decide(ExchangeRequest request)
    {
        var subject = request.Subject;
        if (!PermissionDecision.IsWithinToken(request.Realm, subject, request.OrganizationId))
        {
            throw ExchangeRefused.Because($"The subject token is tied to organization {subject.OrganizationId}.");
        }

        if (subject.MayAct is { } only && !request.IsOwn && request.ActingPrincipal != only)
        {
            throw ExchangeRefused.Because($"The subject token lets only {only.Id} act (RFC 8693 section 4.4).");
        }

        var rule = ExchangeRules.Find(request) ?? throw ExchangeRefused.Because("No rule of the realm allows this client to exchange this token.");
        var targeted = ExchangedScopes.Of(request, rule);
        return new ExchangeDecision(rule, new GrantedAccess
        {
            Subject = subject.Subject,
            Scopes = targeted.Scopes,
            Audiences = targeted.Audiences,
            AuthorizationDetails = targeted.Details,
            OrganizationId = request.OrganizationId,
            Acr = subject.Acr,
            Amr = subject.Amr,
            AuthenticatedAt = subject.AuthenticatedAt,
            GrantId = subject.GrantId,
            Assertion = subject.Assertion,
            DelegationId = subject.DelegationId,
            Actors = rule.Mode == TokenExchangeMode.Delegation ? ActorChain.Of(request) : Impersonated(request),
            // The first token of all comes last: the audit trail keeps what came of it together.
            ParentIds = [.. request.Actor is { } actor ? [.. IdsOf(actor), .. actor.ParentIds] : Array.Empty<string>(), .. request.Delegation is null ? IdsOf(subject) : [], .. subject.ParentIds],
            MaxLifetime = rule.MaxLifetime,
            ExpiresNoLaterThan = request.Actor is { } acting && acting.ExpiresAt < subject.ExpiresAt ? acting.ExpiresAt : subject.ExpiresAt,
        });
    }

    /// <summary>What the new token stands and falls with: the token, and the key that it was believed for.</summary>
    private static IEnumerable<string> IdsOf(AccessToken token) => token.KeyId is { } keyId ? [token.TokenId, keyId] : [token.TokenId];

    /// <summary>Nobody is named, so it takes a permission of its own, and hides nobody who acted before.</summary>
    private static IReadOnlyList<Principal> Impersonated(ExchangeRequest request)
    {
        if (request.Subject.Actors.Count > 0)
        {
            throw ExchangeRefused.Because("A token that names actors cannot be exchanged for one that names none.");
        }

        var actor = request.ActingPrincipal;
        var own = PermissionEvaluator.Evaluate(request.Realm, actor, request.OrganizationId, IamPermissions.TokensImpersonate, request.Facts);
        return own.Outcome == AssignmentOutcome.Assigned
            ? []
            : throw ExchangeRefused.Because($"{actor.Id} may not impersonate anybody here: it does not hold {IamPermissions.TokensImpersonate}.");
    }
}

/// <summary>What an exchange gives, and by which rule.</summary>
public readonly record struct ExchangeDecision(TokenExchangeRule Rule, GrantedAccess Access);
