using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Audit;
using Pltfrms.Iam.Token.RefreshTokens;
using Pltfrms.Iam.Token.Tokens.Revocation;
using Pltfrms.Iam.Token.UserGrants;

namespace Pltfrms.Iam.Token.Tokens;

/// <summary>Makes a token inactive before its time (RFC 7009 section 2).</summary>
public sealed class RevokeToken(
    RealmSnapshots realms, TokenVerifier verifier, Revocations revocations, LiveRefreshTokens refreshTokens, RevokeGrants grants, TokenAudit audit)
{
    /// <param name="realmId">The realm whose token it should be.</param>
    /// <param name="token">Any text.</param>
    /// <param name="onlyOfClientId">The client that asks, which may revoke its own tokens only; null: whoever asks may revoke any.</param>
    /// <param name="by">Who asks, for the audit trail.</param>
    /// <param name="cancellationToken">The call's deadline; a revocation that it interrupts may have happened or not.</param>
    /// <exception cref="Common.Errors.IamException">REALM_NOT_FOUND, REALM_FEED_UNAVAILABLE, STORAGE_UNAVAILABLE.</exception>
    public async ValueTask<RevocationOutcome> ExecuteAsync(
        string realmId, string token, string? onlyOfClientId, Revoker by, CancellationToken cancellationToken)
    {
        var realm = await realms.GetLastKnownAsync(realmId, cancellationToken);
        var verified = await verifier.VerifyAsync(realm.Realm, token, cancellationToken);
        if (verified is null)
        {
            return await RevokeGrantAsync(realm.Realm, token, onlyOfClientId, by, cancellationToken);
        }

        if (onlyOfClientId is not null && verified.ClientId != onlyOfClientId)
        {
            return RevocationOutcome.NotTheirs;
        }

        await revocations.RevokeAsync(verified, cancellationToken);
        await audit.TokenRevokedAsync(realm.Realm, verified, by, cancellationToken);
        return RevocationOutcome.Revoked;
    }

    /// <summary>Section 2.1: with a refresh token go "all access tokens based on the same authorization grant".</summary>
    private async Task<RevocationOutcome> RevokeGrantAsync(
        Realm realm, string token, string? onlyOfClientId, Revoker by, CancellationToken cancellationToken)
    {
        if (await refreshTokens.FindAnyAsync(realm.RealmId, token, cancellationToken) is not { } refreshToken)
        {
            return RevocationOutcome.NotAToken;
        }

        if (onlyOfClientId is not null && refreshToken.ClientId != onlyOfClientId)
        {
            return RevocationOutcome.NotTheirs;
        }

        await grants.ExecuteAsync(realm, GrantFilter.Of(realm.RealmId, refreshToken.GrantId), by, cancellationToken);
        return RevocationOutcome.Revoked;
    }
}

/// <summary>What became of a token.</summary>
public enum RevocationOutcome
{
    /// <summary>It is revoked, now or before.</summary>
    Revoked,

    /// <summary>It is malformed, expired or of another realm: nothing that could be revoked.</summary>
    NotAToken,

    /// <summary>It was issued to another client than the one that asks; nothing is changed.</summary>
    NotTheirs,
}
