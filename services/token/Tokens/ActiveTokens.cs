using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.Assertions;
using Pltfrms.Iam.Token.Tokens.Revocation;

namespace Pltfrms.Iam.Token.Tokens;

/// <summary>
/// Tells whether a token is active now: ours, unexpired, not revoked, and of a client, user and delegation that are still welcome, by a word that still
/// counts.
/// </summary>
public sealed class ActiveTokens(TokenVerifier verifier, StandingAssertions assertions, Revocations revocations, TimeProvider clock)
{
    /// <summary>The token; null where it is not active.</summary>
    /// <exception cref="Common.Errors.IamException">STORAGE_UNAVAILABLE where it cannot be known whether the token is revoked.</exception>
    public async ValueTask<AccessToken?> FindAsync(RealmSnapshot realm, string token, CancellationToken cancellationToken)
    {
        var verified = await verifier.VerifyAsync(realm.Realm, token, cancellationToken);
        if (verified is null || !TokenStanding.Holds(realm, verified, clock.GetUtcNow()) || await revocations.IsRevokedAsync(verified, cancellationToken))
        {
            return null;
        }

        if (verified.Assertion is not null && !await assertions.StandsAsync(realm, verified, cancellationToken))
        {
            return null;
        }

        return verified;
    }
}
