using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Tokens;

namespace Pltfrms.Iam.Token.Audit;

/// <summary>Answers a token request and writes down what came of it. In a realm with a durable audit nobody gets an answer before it is on disk.</summary>
public sealed class RecordedIssue(
    IssueToken issue, TokenEventQueue queue, TokenEventMetrics metrics, RefusalBudget budget, TimeProvider clock)
{
    /// <exception cref="IamException">The reasons that <c>TokenService.IssueToken</c> lists.</exception>
    public async ValueTask<IssuedToken> ExecuteAsync(TokenRequest request, CancellationToken cancellationToken)
    {
        IssuedToken issued;
        try
        {
            issued = await issue.ExecuteAsync(request, cancellationToken);
        }
        catch (IamException refusal) when (IsRefusal(refusal.Reason))
        {
            await RefusedAsync(request, refusal, cancellationToken);
            throw;
        }

        await queue.AddAsync(Issued(request.Trail.Realm!, request, issued), cancellationToken);
        return issued;
    }

    /// <summary>
    /// Not what is asked for again and again while a user makes up their mind, nor where a client learns the nonce to come back with
    /// (RFC 9449 section 8), nor that the service is busy or broken.
    /// </summary>
    private static bool IsRefusal(ErrorReason reason) =>
        reason is not (ErrorReason.AuthorizationPending or ErrorReason.SlowDown or ErrorReason.UseDpopNonce
            or ErrorReason.TooManyRequests or ErrorReason.RealmNotFound)
        && WireError.For(reason).HttpStatus < StatusCodes.Status500InternalServerError;

    private TokenEvent Issued(RealmSnapshot realm, TokenRequest request, IssuedToken issued) => new()
    {
        Realm = realm.Realm,
        Kind = issued.Claims is null ? TokenEventKind.Repeated : TokenEventKind.Issued,
        HappenedAt = clock.GetUtcNow(),
        ClientId = issued.Claims?.ClientId ?? request.Credentials.ClientId,
        Token = issued.Claims,
        TokenId = issued.TokenId,
        GrantId = issued.GrantId,
        UserId = request.Trail.UserId,
        OrganizationId = issued.OrganizationId,
        Scopes = issued.Scopes,
        GrantType = request.GrantType,
        Rule = request.Trail.Rule,
        Revision = issued.Revision,
        SourceAddress = request.SourceAddress,
        CorrelationId = request.CorrelationId,
    };

    private async ValueTask RefusedAsync(TokenRequest request, IamException refusal, CancellationToken cancellationToken)
    {
        if (request.Trail.Realm is not { } realm || realm.FindClient(request.Credentials.ClientId) is not { } client)
        {
            // What was presented as a name may be a secret put in the wrong place.
            return;
        }

        if (refusal.Reason == ErrorReason.InvalidClient && !budget.Allows(realm.RealmId, client.ClientId))
        {
            metrics.Unrecorded();
            return;
        }

        var trail = request.Trail;
        await queue.AddAsync(
            new TokenEvent
            {
                Realm = realm.Realm,
                Kind = trail.IsReuse ? TokenEventKind.Reused : TokenEventKind.Refused,
                HappenedAt = clock.GetUtcNow(),
                ClientId = client.ClientId,
                Token = trail.Subject,
                GrantId = trail.GrantId,
                UserId = trail.UserId,
                GrantType = client.GrantTypes.AsSpan().Contains(request.GrantType) ? request.GrantType : null,
                Rule = trail.Rule,
                Revision = realm.Revision,
                Reason = RichStatus.NameOf(refusal.Reason),
                SourceAddress = request.SourceAddress,
                CorrelationId = request.CorrelationId,
            },
            cancellationToken);
    }
}
