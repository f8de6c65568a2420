using System.Buffers;
using System.Text;
using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Keys;
using Pltfrms.Iam.Token.Realms;
using Pltfrms.Iam.Token.Tokens.Opaque;

namespace Pltfrms.Iam.Token.Tokens;

/// <summary>Tells whether a string is an unexpired access token of a realm: a JWT (RFC 9068 section 4, RFC 8725), or an opaque one.</summary>
public sealed class TokenVerifier(KeyRing keyRing, OpaqueTokens opaqueTokens, Issuers issuers, TimeProvider clock)
{
    /// <summary>No token of ours comes near it.</summary>
    public const int MaxSize = 16 * 1024;

    private static readonly SearchValues<char> CompactAlphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>The token; null where it is malformed, expired, of another realm or not ours at all.</summary>
    /// <param name="realm">As it is now: an issuer that it no longer has is not believed.</param>
    /// <param name="token">Any text.</param>
    /// <param name="cancellationToken">The call's deadline.</param>
    /// <exception cref="Common.Errors.IamException">
    /// STORAGE_UNAVAILABLE where the realm's keys were never read, or may have changed, or an opaque token was not read.
    /// </exception>
    public ValueTask<AccessToken?> VerifyAsync(Realm realm, string token, CancellationToken cancellationToken) =>
        VerifyAsync(realm, new PresentedToken(token), clock.GetUtcNow(), cancellationToken);

    /// <summary>The same for a token whose hash may be known already, at a time.</summary>
    public ValueTask<AccessToken?> VerifyAsync(Realm realm, in PresentedToken token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Most tokens were seen before, and nothing is waited for.
        var keys = keyRing.GetAsync(realm, cancellationToken);
        return keys.IsCompletedSuccessfully
            ? VerifyAsync(keys.Result, realm, token, now, cancellationToken)
            : new(LoadAndVerifyAsync(keys.AsTask(), realm, token, cancellationToken));
    }

    /// <summary>As of when the keys are there.</summary>
    private async Task<AccessToken?> LoadAndVerifyAsync(Task<RealmKeys> keys, Realm realm, PresentedToken token, CancellationToken cancellationToken) =>
        await VerifyAsync(await keys, realm, token, clock.GetUtcNow(), cancellationToken);

    private ValueTask<AccessToken?> VerifyAsync(
        RealmKeys keys, Realm realm, in PresentedToken token, DateTimeOffset now, CancellationToken cancellationToken) =>
        keys.FindVerified(token.Hash, now) is { } known
            ? new(IsGood(known, realm, now) ? known : null)
            : new(VerifyNewAsync(keys, realm, token, now, cancellationToken));

    private async Task<AccessToken?> VerifyNewAsync(RealmKeys keys, Realm realm, PresentedToken token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var verified = OpaqueValue.IsOne(token.Text)
            ? await FindOpaqueAsync(keys, realm, token, cancellationToken)
            : Verify(keys, realm, token, now, out var isUnknownKey) ?? (isUnknownKey ? await VerifyAgainAsync(realm, token, now, cancellationToken) : null);
        return verified is not null && IsGood(verified, realm, now) ? verified : null;
    }

    private bool IsGood(AccessToken verified, Realm realm, DateTimeOffset now) => !verified.IsExpiredAt(now) && issuers.IsOf(verified.Issuer, realm);

    private async Task<AccessToken?> FindOpaqueAsync(RealmKeys keys, Realm realm, PresentedToken token, CancellationToken cancellationToken)
    {
        var found = await opaqueTokens.FindAsync(realm.RealmId, token.Text, cancellationToken);
        if (found is not null)
        {
            keys.VerifiedTokens.Add(token.Hash, found);
        }

        return found;
    }

    /// <summary>For keys that another replica made since this one heard of the realm's keys.</summary>
    private async Task<AccessToken?> VerifyAgainAsync(Realm realm, PresentedToken token, DateTimeOffset now, CancellationToken cancellationToken) =>
        Verify(await keyRing.GetCurrentAsync(realm, cancellationToken), realm, token, now, out _);

    private AccessToken? Verify(RealmKeys keys, Realm realm, in PresentedToken presented, DateTimeOffset now, out bool isUnknownKey)
    {
        var token = presented.Text;
        isUnknownKey = false;
        if (token.Length is 0 or > MaxSize || token.AsSpan().ContainsAnyExcept(CompactAlphabet))
        {
            return null;
        }

        var rented = ArrayPool<byte>.Shared.Rent(token.Length);
        var verified = Parse(keys, realm, rented.AsSpan(0, Encoding.ASCII.GetBytes(token, rented)), now, out isUnknownKey);
        ArrayPool<byte>.Shared.Return(rented);
        if (verified is not null)
        {
            keys.VerifiedTokens.Add(presented.Hash, verified);
        }

        return verified;
    }

    /// <summary>Header, signature, and only then the claims.</summary>
    private AccessToken? Parse(RealmKeys keys, Realm realm, ReadOnlySpan<byte> token, DateTimeOffset now, out bool isUnknownKey)
    {
        isUnknownKey = false;
        if (!JwtParts.TrySplit(token, out var parts))
        {
            return null;
        }

        if (keys.FindByHeader(parts.Header, now) is not { } key)
        {
            isUnknownKey = SigningKey.MayBeHeader(parts.Header);
            return null;
        }

        Span<byte> signature = stackalloc byte[key.SignatureSize];
        if (!parts.TryDecodeSignature(signature) || !key.Verify(parts.Signed, signature))
        {
            return null;
        }

        return parts.ReadClaims(key.KeyId) is { } claims && claims.RealmId == realm.RealmId && issuers.IsOf(claims.Issuer, realm) ? claims : null;
    }
}
