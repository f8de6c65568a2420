using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Token.UserGrants;

namespace Pltfrms.Iam.Token.RefreshTokens;

/// <summary>Refresh tokens by what their holders present.</summary>
public sealed class LiveRefreshTokens(IDatabase database, RefreshTokenStore store, UserGrantStore grants, TimeProvider clock)
{
    /// <summary>A refresh token, used or expired or neither; null: it is none.</summary>
    public async Task<RefreshToken?> FindAnyAsync(string realmId, string token, CancellationToken cancellationToken)
    {
        // Most of what is asked about are access tokens, and whatever people send: no reason to ask the database.
        if (!OpaqueValue.IsOne(token))
        {
            return null;
        }

        await using var session = await database.OpenAsync(cancellationToken);
        return await store.FindAsync(session, realmId, OpaqueValue.Hash(token), cancellationToken);
    }

    /// <summary>A refresh token that can still be used; null: it cannot, or is none.</summary>
    public async Task<RefreshToken?> FindAsync(string realmId, string token, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (await FindAnyAsync(realmId, token, cancellationToken) is not { UsedAt: null } found || found.ExpiresAt <= now)
        {
            return null;
        }

        await using var session = await database.OpenAsync(cancellationToken);
        return await grants.FindAsync(session, found.Grant, now, cancellationToken) is null ? null : found;
    }
}
