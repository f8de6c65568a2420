using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Assertions;
using Pltfrms.Iam.Token.Grants;
using Pltfrms.Iam.Token.Tokens;

namespace Pltfrms.Iam.Token.Exchange;

/// <summary>
/// RFC 8693: a client exchanges an access token of the realm for one that says less, is for another resource server, or names who acts for its
/// subject; or a delegation for a token of its delegator. What it gives ends with every token that it comes from, and with the grant below them.
/// </summary>
public sealed class TokenExchangeGrant(
    ActiveTokens tokens, RealmSubjectTokens ofRealms, AccessTokenIssuer issuer, IImpersonationAudit audit, TimeProvider clock) : IGrant
{
    public const string Name = "urn:ietf:params:oauth:grant-type:token-exchange";

    public string GrantType => Name;

    public bool IsOfferedBy(Realm realm) => realm.TokenExchange.Rules.Count > 0;

    public async ValueTask<IssuedToken> IssueAsync(GrantRequest request, CancellationToken cancellationToken)
    {
        if (request.Client.ClientType == ClientType.Public)
        {
            throw new IamException(ErrorReason.UnauthorizedClient, "A client that cannot prove who it is cannot act for others.");
        }

        var exchange = await ReadAsync(request, cancellationToken);
        var (rule, access) = DecideExchange.Decide(exchange);
        request.Parameters.Trail.Rule = rule.Name;
        // The client that exchanges proves who it is; with which key others use the subject token is theirs to know.
        var bound = access with { Confirmation = request.Confirmation };
        var issued = await issuer.IssueAsync(exchange.Realm, request.Client, bound, cancellationToken) with { IssuedTokenType = TokenTypes.AccessToken };
        if (rule.Mode == TokenExchangeMode.Impersonation)
        {
            // Before anybody gets the token: what cannot be written down does not happen.
            await audit.RecordAsync(exchange, rule, issued, cancellationToken);
        }

        return issued;
    }

    private async Task<ExchangeRequest> ReadAsync(GrantRequest request, CancellationToken cancellationToken)
    {
        var asked = request.Parameters.Exchange ?? new ExchangedTokens();
        if (asked.RequestedTokenType is not (null or TokenTypes.AccessToken))
        {
            throw new IamException(ErrorReason.InvalidRequest, "requested_token_type must be an access token's.");
        }

        var isDelegation = asked.SubjectTokenType == TokenTypes.Delegation;
        var (realm, token) = isDelegation ? (request.Realm, null) : await SubjectAsync(request, asked, cancellationToken);
        request.Parameters.Trail.Subject = token;
        var actor = asked is { ActorToken: null, ActorTokenType: null }
            ? null
            : await FindAsync(request, "actor_token", asked.ActorToken, asked.ActorTokenType, cancellationToken) ?? throw NotActive("actor_token");
        // Nor does anybody act by somebody else's word: its limits are the subject's to bring along.
        if (actor is not null && (actor.ClientId != request.Client.ClientId || actor.Actors.Count > 0 || actor.Assertion is not null))
        {
            throw ExchangeRefused.Because("actor_token must be the client's own, and nobody else's on whose behalf it acts.");
        }

        var now = clock.GetUtcNow();
        var acting = actor?.Subject ?? Principal.Client(request.Client.ClientId);
        var delegation = isDelegation ? UsableDelegation.Find(request.Realm, asked.SubjectToken, acting, now) : null;
        var subject = token ?? UsableDelegation.AsToken(delegation!);
        return new ExchangeRequest
        {
            Realm = realm,
            Client = request.Client,
            Subject = subject,
            Delegation = delegation,
            Actor = actor,
            Scopes = request.Scopes,
            AuthorizationDetails = request.AuthorizationDetails,
            Audience = request.Audience,
            OrganizationId = request.OrganizationId ?? subject.OrganizationId,
            Facts = new DecisionFacts(now, request.SourceAddress, subject.Acr),
        };
    }

    /// <summary>The realm's own token or, where the realm trusts another, what one of that realm's stands for here.</summary>
    private async Task<(RealmSnapshot Realm, AccessToken? Subject)> SubjectAsync(GrantRequest request, ExchangedTokens asked, CancellationToken cancellationToken) =>
        await FindAsync(request, "subject_token", asked.SubjectToken, asked.SubjectTokenType, cancellationToken) is { } own
            ? (request.Realm, own)
            : await ofRealms.FindAsync(request, asked.SubjectToken!, cancellationToken) ?? throw NotActive("subject_token");

    private async Task<AccessToken?> FindAsync(GrantRequest request, string name, string? token, string? type, CancellationToken cancellationToken) =>
        token is not null && type == TokenTypes.AccessToken
            ? await tokens.FindAsync(request.Realm, token, cancellationToken)
            : throw new IamException(ErrorReason.InvalidRequest, $"{name} and {name}_type are needed, the type an access token's.");

    private static IamException NotActive(string name) => ExchangeRefused.Because($"{name} is not an active access token of the realm.");
}
