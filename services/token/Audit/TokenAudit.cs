using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.UserGrants;

namespace Pltfrms.Iam.Token.Audit;

/// <summary>Writes down what ended tokens. In a realm with a durable audit its methods return when it is on disk.</summary>
public sealed class TokenAudit(TokenEventQueue queue, TokenMetrics metrics, TimeProvider clock)
{
    /// <exception cref="Common.Errors.IamException">STORAGE_UNAVAILABLE: it is not certain that it is written; the token is revoked all the same.</exception>
    public ValueTask TokenRevokedAsync(Realm realm, AccessToken token, Revoker by, CancellationToken cancellationToken)
    {
        metrics.Revoked();
        return queue.AddAsync(
            new TokenEvent
            {
                Realm = realm,
                Kind = TokenEventKind.TokenRevoked,
                HappenedAt = clock.GetUtcNow(),
                ClientId = token.ClientId,
                Token = token,
                By = by,
            },
            cancellationToken);
    }

    /// <exception cref="Common.Errors.IamException">STORAGE_UNAVAILABLE: it is not certain that it is written; the grants are revoked all the same.</exception>
    public async Task GrantsRevokedAsync(Realm realm, IReadOnlyList<UserGrant> grants, Revoker by, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var written = new List<Task>(grants.Count);
        foreach (var grant in grants)
        {
            metrics.Revoked();
            var happened = new TokenEvent
            {
                Realm = realm,
                Kind = TokenEventKind.GrantRevoked,
                HappenedAt = now,
                ClientId = grant.ClientId,
                GrantId = grant.GrantId,
                UserId = grant.UserId,
                OrganizationId = grant.OrganizationId.Length == 0 ? null : grant.OrganizationId,
                Scopes = grant.Scopes,
                By = by,
            };
            written.Add(queue.AddAsync(happened, cancellationToken).AsTask());
        }

        await Task.WhenAll(written);
    }
}
