using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.Assertions;
using Pltfrms.Iam.Token.Exchange;
using Pltfrms.Iam.Token.Permissions;
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
        if (verified is null || !IsWelcome(realm, verified) || await revocations.IsRevokedAsync(verified, cancellationToken))
        {
            return null;
        }

        if (verified.Assertion is not null && !await assertions.StandsAsync(realm, verified, cancellationToken))
        {
            return null;
        }

        return verified;
    }

    private bool IsWelcome(RealmSnapshot realm, AccessToken token)
    {
        if (realm.FindClient(token.ClientId) is not { Disabled: false }
            || (token.DelegationId is not null && !DelegationStanding.Holds(realm, token, clock.GetUtcNow()))
            || (token.Subject != Principal.Client(token.ClientId) && !PermissionDecision.IsKnown(realm, token.Subject)))
        {
            return false;
        }

        for (var i = 0; i < token.Actors.Count; i++)
        {
            if (!PermissionDecision.IsKnown(realm, token.Actors[i]))
            {
                return false;
            }
        }

        return true;
    }
}
