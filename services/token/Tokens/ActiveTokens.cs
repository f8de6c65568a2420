using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.Assertions;
using Pltfrms.Iam.Token.Tokens.Revocation;

namespace Pltfrms.Iam.Token.Tokens;

/// <summary>
/// Tells whether a token is active now: ours, unexpired, not revoked, and of a client, user and delegation that are still welcome, by a word that still
/// counts.
/// </summary>
public sealed class ActiveTokens(
    TokenVerifier verifier, RecentTokens recent, StandingAssertions assertions, Revocations revocations, TimeProvider clock)
{
    /// <summary>The token; null where it is not active.</summary>
    /// <exception cref="Common.Errors.IamException">STORAGE_UNAVAILABLE where it cannot be known whether the token is revoked.</exception>
    public ValueTask<AccessToken?> FindAsync(RealmSnapshot realm, string token, CancellationToken cancellationToken) =>
        FindAsync(realm, token, clock.GetUtcNow(), cancellationToken);

    /// <summary>The same at the time of the decision that it is for.</summary>
    public ValueTask<AccessToken?> FindAsync(RealmSnapshot realm, string token, DateTimeOffset now, CancellationToken cancellationToken) =>
        FindAsync(realm, recent.Read(token), now, cancellationToken);

    /// <summary>The same for a token whose hash is known already.</summary>
    public ValueTask<AccessToken?> FindAsync(RealmSnapshot realm, in PresentedToken token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Twice for each call over gRPC, the caller's token and the one asked about, and mostly without waiting for anything.
        var verifying = verifier.VerifyAsync(realm.Realm, token, now, cancellationToken);
        return verifying.IsCompletedSuccessfully
            ? FindAsync(realm, verifying.Result, now, cancellationToken)
            : new(VerifyAndFindAsync(realm, verifying.AsTask(), cancellationToken));
    }

    /// <summary>What was waited for is looked at as of when it is there.</summary>
    private async Task<AccessToken?> VerifyAndFindAsync(RealmSnapshot realm, Task<AccessToken?> verifying, CancellationToken cancellationToken) =>
        await FindAsync(realm, await verifying, clock.GetUtcNow(), cancellationToken);

    private ValueTask<AccessToken?> FindAsync(RealmSnapshot realm, AccessToken? verified, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (verified is null || !TokenStanding.Holds(realm, verified, now))
        {
            return default;
        }

        var revoked = revocations.IsRevokedAsync(verified, cancellationToken);
        return revoked.IsCompletedSuccessfully && verified.Assertion is null
            ? new(revoked.Result ? null : verified)
            : new(UnlessWithdrawnAsync(realm, verified, revoked, cancellationToken));
    }

    private async Task<AccessToken?> UnlessWithdrawnAsync(
        RealmSnapshot realm, AccessToken verified, ValueTask<bool> revoked, CancellationToken cancellationToken) =>
        !await revoked && (verified.Assertion is null || await assertions.StandsAsync(realm, verified, cancellationToken)) ? verified : null;
}
