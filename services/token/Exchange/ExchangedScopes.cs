using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.AuthorizationDetails;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Scopes;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Grants;

namespace Pltfrms.Iam.Token.Exchange;

/// <summary>The scopes of an exchanged token: never more than the subject token, the client's registration, the realm's pipeline and the rule allow.</summary>
public static class ExchangedScopes
{
    /// <exception cref="IamException">INVALID_SCOPE, INVALID_AUTHORIZATION_DETAILS.</exception>
    public static TokenTarget Of(ExchangeRequest request, TokenExchangeRule rule)
    {
        var held = request.Subject.Scopes;
        if (request.Scopes.FirstOrDefault(scope => !HeldScopes.Cover(request.Realm, held, scope)) is { } wider)
        {
            throw new IamException(ErrorReason.InvalidScope, $"The subject token does not have the scope {wider}.");
        }

        var pipeline = new ScopeRequest
        {
            Client = request.Client,
            Principal = request.Subject.Subject,
            GrantType = TokenExchangeGrant.Name,
            Scopes = request.Scopes.Count > 0 ? request.Scopes : held,
            OrganizationId = request.OrganizationId,
            LoginRoleIds = request.Subject.Assertion is { AssertsRoles: true } source ? source.RoleIds : [],
            Acr = request.Subject.Acr,
            Amr = request.Subject.Amr,
            SourceAddress = request.Facts.SourceAddress,
            Now = request.Facts.Now,
        };
        var offered = RequestedScopes.Filter(request.Realm, pipeline).Scopes;
        var granted = GrantedScopes.Filter(request.Realm, pipeline, offered).Scopes
            // Once more: transformations and policies of the realm may have put scopes in.
            .Where(scope => HeldScopes.Cover(request.Realm, held, scope) && AssertedRoles.AllowScope(request.Realm, request.Subject.Assertion, scope)
                && (rule.Scopes.Count == 0 || ScopeNames.MatchAny(rule.Scopes, scope)))
            .ToList();
        return granted.Count > 0 ? Target(request, rule, granted) : throw new IamException(ErrorReason.InvalidScope, "None of the scopes may be granted.");
    }

    private static TokenTarget Target(ExchangeRequest request, TokenExchangeRule rule, IReadOnlyList<string> scopes)
    {
        // What the client may not ask a user for, it may not get from another client either.
        var mine = request.Subject.AuthorizationDetails.Where(detail => request.Client.AuthorizationDetailsTypes.Contains(detail.Type)).ToValueList();
        var details = RequestedDetails.Narrow(mine, request.AuthorizationDetails);
        if (request.Audience is { } audience)
        {
            return TokenTarget.Of(request.Realm, scopes, details, audience);
        }

        return TokenTarget.Of(request.Realm, scopes, details, rule.Audiences);
    }
}
