using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Token.Codes;
using Pltfrms.Iam.Token.Profiles;
using Pltfrms.Iam.Token.RefreshTokens;
using Pltfrms.Iam.Token.Tokens;
using Pltfrms.Iam.Token.UserGrants;

namespace Pltfrms.Iam.Token.Grants;

/// <summary>Keeps a new grant and, for a client that may refresh, the first refresh token of its family.</summary>
public sealed class NewGrants(UserGrantStore grants, RefreshTokenStore refreshTokens, TimeProvider clock)
{
    /// <summary>The token with its refresh token.</summary>
    /// <param name="session">Writes.</param>
    /// <param name="request">The token request.</param>
    /// <param name="access">What was granted.</param>
    /// <param name="issued">The access token.</param>
    /// <param name="cancellationToken">The request's.</param>
    public async Task<IssuedToken> AddAsync(
        DatabaseSession session, GrantRequest request, UserAccess access, IssuedToken issued, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var lifetimes = request.Realm.Realm.SessionSettings;
        var mayRefresh = request.Client.GrantTypes.AsSpan().Contains(RefreshTokenGrant.Name);
        var grant = new UserGrant
        {
            RealmId = request.Realm.RealmId,
            GrantId = issued.GrantId!,
            UserId = access.UserId,
            ClientId = request.Client.ClientId,
            OrganizationId = access.OrganizationId ?? "",
            Scopes = access.Scopes,
            CreatedAt = now,
            LastUsedAt = now,
            TokensExpireAt = issued.ExpiresAt,
            ExpiresAt = mayRefresh && now + lifetimes.RefreshAbsoluteLifetime > issued.ExpiresAt ? now + lifetimes.RefreshAbsoluteLifetime : issued.ExpiresAt,
        };
        await grants.AddAsync(session, grant, cancellationToken);
        if (!mayRefresh)
        {
            return issued;
        }

        // RFC 9449 section 5, RFC 8705 section 4: a confidential client's are bound to the client, which proves itself by other means.
        var bound = access with { Confirmation = request.Client.ClientType == ClientType.Public ? request.Confirmation : null };

        // One that is not replaced at its use must live as long as the grant; how long it was not used, the grant knows.
        var lifetime = SecurityProfiles.RotatesRefreshTokens(request.Realm.Realm, request.Client) ? lifetimes.RefreshIdleLifetime : lifetimes.RefreshAbsoluteLifetime;
        var (value, refreshToken) = RefreshToken.Make(grant, bound, now, lifetime);
        await refreshTokens.AddAsync(session, refreshToken, cancellationToken);
        return issued with { RefreshToken = value };
    }
}
