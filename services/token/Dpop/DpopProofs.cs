using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Token.ClientAuthentication;
using Pltfrms.Iam.Token.Replay;

namespace Pltfrms.Iam.Token.Dpop;

/// <summary>Verifies DPoP proofs, step by step as RFC 9449 section 4.3 has it.</summary>
public sealed class DpopProofs(DpopKeys keys, DpopNonces nonces, UsedJwts used, TimeProvider clock)
{
    private const int MaxLength = 8 * 1024;
    private const int MaxIdLength = 255;
    private const string Type = "dpop+jwt";

    /// <summary>How long after its time a used proof is remembered: longer than any replica believes it, whose clock may be behind.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(5);

    /// <summary>As metadata lists them (section 5.1).</summary>
    public static IReadOnlyList<string> Algorithms => ClientAssertions.Algorithms;

    /// <summary>Verifies a proof and, where it is good, uses it up, here and at every replica.</summary>
    /// <exception cref="IamException">STORAGE_UNAVAILABLE where nobody can know whether it was used before.</exception>
    public async ValueTask<DpopOutcome> VerifyAsync(string realmId, string proof, DpopTarget target, CancellationToken cancellationToken)
    {
        if (Open(proof, out var refusal) is not var (jwt, key) || refusal is not null)
        {
            return DpopOutcome.Refused(refusal!);
        }

        var claims = jwt.Claims;
        var now = clock.GetUtcNow();
        refusal = AlgorithmViolation(key, target) ?? RequestViolation(claims, target) ?? TimeViolation(claims, now) ?? TokenViolation(claims, target, key);
        if (refusal is not null)
        {
            return DpopOutcome.Refused(refusal);
        }

        if (StrictJson.TextOf(claims, "jti") is not { Length: > 0 and <= MaxIdLength } id)
        {
            return DpopOutcome.Refused("has no jti of at most 255 characters");
        }

        // Before the proof is used up: the client makes another one with the nonce.
        if (target.DemandsNonce && !nonces.IsGood(realmId, StrictJson.TextOf(claims, "nonce"), now))
        {
            return DpopOutcome.WithoutNonce;
        }

        var use = new UsedJwt { RealmId = realmId, IdHash = UsedJwt.HashOf($"dpop\n{key.Thumbprint}", id), ExpiresAt = IssuedAt(claims)!.Value + Remembered };
        return await used.UseAsync(use, cancellationToken) ? DpopOutcome.Proven(key.Thumbprint) : DpopOutcome.Refused("was used before");
    }

    /// <summary>The same for who cannot go on without: the thumbprint of the key that is proven.</summary>
    /// <exception cref="IamException">INVALID_DPOP_PROOF, USE_DPOP_NONCE, STORAGE_UNAVAILABLE.</exception>
    public async ValueTask<string> RequireAsync(string realmId, string proof, DpopTarget target, CancellationToken cancellationToken)
    {
        var outcome = await VerifyAsync(realmId, proof, target, cancellationToken);
        return outcome.Refusal is not { } refusal ? outcome.Thumbprint!
            : outcome.LacksNonce ? throw nonces.Demanded(realmId)
            : throw DpopHeader.Refused(refusal);
    }

    private static string? AlgorithmViolation(VerificationKey key, DpopTarget target) =>
        target.Algorithms is { } allowed && !allowed.Contains(key.Algorithm) ? "is not signed with an algorithm that the client may use" : null;

    /// <summary>Takes the proof apart and verifies its signature: nothing in it counts before.</summary>
    private (SignedJwt Jwt, VerificationKey Key)? Open(string proof, out string? refusal)
    {
        if (proof.Length > MaxLength || SignedJwt.Parse(proof) is not { } jwt)
        {
            refusal = "is not a signed JWT";
            return null;
        }

        if (jwt.Type != Type)
        {
            refusal = $"is not of the type {Type}";
            return null;
        }

        if (StrictJson.TextOf(jwt.Header, "alg") is not { } algorithm || !Algorithms.Contains(algorithm))
        {
            refusal = "is not signed with an algorithm that the server takes";
            return null;
        }

        if (keys.Of(jwt, out var isKnown) is not { } key || key.Algorithm != algorithm)
        {
            refusal = "has no jwk in its header that is a public key for its algorithm";
            return null;
        }

        if (!jwt.IsSignedBy(key))
        {
            refusal = "is not signed with the key in its header";
            return null;
        }

        if (!isKnown)
        {
            keys.Remember(jwt, key);
        }

        refusal = null;
        return (jwt, key);
    }

    private static string? RequestViolation(JsonElement claims, DpopTarget target) =>
        StrictJson.TextOf(claims, "htm") != target.Method ? "is not for this method (htm)"
            : StrictJson.TextOf(claims, "htu") is { } address && target.IsAt(address) ? null
            : "is not for this address (htu)";

    /// <summary>
    /// Section 11.1. A clock may be off either way: FAPI 2.0 section 5.3.2.1 has 10 s accepted and more than 60 s refused of times ahead, and what is as old is no younger.
    /// </summary>
    private static string? TimeViolation(JsonElement claims, DateTimeOffset now)
    {
        if (IssuedAt(claims) is not { } issuedAt || issuedAt > now + ClockSkew.Allowed || issuedAt < now - ClockSkew.Allowed)
        {
            return "was not made just now (iat)";
        }

        if (claims.TryGetProperty("nbf", out _) && (StrictJson.InstantOf(claims, "nbf") is not { } notBefore || notBefore > now + ClockSkew.Allowed))
        {
            return "is not valid yet (nbf)";
        }

        return claims.TryGetProperty("exp", out _) && (StrictJson.InstantOf(claims, "exp") is not { } expiresAt || expiresAt <= now - ClockSkew.Allowed)
            ? "has expired (exp)"
            : null;
    }

    /// <summary>Section 4.3, items 11 and 12, where a proof comes with an access token.</summary>
    private static string? TokenViolation(JsonElement claims, DpopTarget target, VerificationKey key)
    {
        if (target.AccessToken is not { } token)
        {
            return null;
        }

        return StrictJson.TextOf(claims, "ath") != Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(token))) ? "is not for this access token (ath)"
            : key.Thumbprint != target.Thumbprint ? "is not signed with the key that the token is bound to"
            : null;
    }

    private static DateTimeOffset? IssuedAt(JsonElement claims) => StrictJson.InstantOf(claims, "iat");
}
