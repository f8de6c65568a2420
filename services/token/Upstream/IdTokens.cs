using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Token.Upstream;

/// <summary>Verifies id tokens (OpenID Connect Core section 3.1.3.7).</summary>
public sealed class IdTokens(UpstreamProviders providers, TimeProvider clock)
{
    private const int MaxLength = 64 * 1024;

    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(60);

    /// <summary>It comes straight from the provider, so it was made just now.</summary>
    private static readonly TimeSpan MostAge = TimeSpan.FromMinutes(10);

    // Signatures that only the provider can make: never none, and never an HMAC, whose key could be the provider's public one.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = MaxLength };
    private readonly CryptoProviderFactory _crypto = new() { CacheSignatureProviders = false };

    /// <summary>Its claims.</summary>
    /// <exception cref="ProviderException">It is not to be believed.</exception>
    public async Task<JsonElement> VerifyAsync(UpstreamProvider upstream, ProviderTokens tokens, string nonce, CancellationToken cancellationToken)
    {
        var token = Parse(tokens.IdToken);
        Require(string.IsNullOrEmpty(token.Typ) || token.Typ.Equals("JWT", StringComparison.OrdinalIgnoreCase), "is a JWT for another use");
        // RFC 7515 section 4.1.11: what must be understood is nothing that we understand.
        Require(!token.TryGetHeaderValue<object>("crit", out _), "has a critical header");
        Require(Algorithms.Contains(token.Alg, StringComparer.Ordinal), "has a signature of a kind that is not accepted");
        var keys = await providers.KeysAsync(upstream.Issuer, string.IsNullOrEmpty(token.Kid) ? null : token.Kid, cancellationToken);
        Require(keys.Count > 0, "is signed with a key that the provider does not have");
        var result = await _handler.ValidateTokenAsync(token, Parameters(upstream, keys));
        if (!result.IsValid)
        {
            throw new ProviderException($"its id token is not valid: {result.Exception.GetType().Name}", result.Exception);
        }

        var claims = ProviderJson.Object("its id token", Base64Url.DecodeFromChars(token.EncodedPayload));
        Check(claims, upstream, nonce);
        CheckAccessToken(claims, token.Alg, tokens.AccessToken);
        return claims;
    }

    private JsonWebToken Parse(string text)
    {
        try
        {
            return text.Length <= MaxLength && text.Count('.') == 2
                ? _handler.ReadJsonWebToken(text)
                : throw new ProviderException("its id token is no JWS, or too long");
        }
        catch (Exception exception) when (exception is ArgumentException or SecurityTokenException or FormatException or JsonException)
        {
            throw new ProviderException("its id token is no JWT", exception);
        }
    }

    private TokenValidationParameters Parameters(UpstreamProvider upstream, IReadOnlyList<SecurityKey> keys) => new()
    {
        ValidIssuer = upstream.Issuer,
        ValidAudience = upstream.ClientId,
        ValidAlgorithms = Algorithms,
        IssuerSigningKeys = keys,
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        TryAllIssuerSigningKeys = true,
        CryptoProviderFactory = _crypto,
        LifetimeValidator = (from, to, _, _) => IsInTime(from, to),
    };

    private bool IsInTime(DateTime? from, DateTime? to)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return to is { } end && now < end + ClockSkew && (from is not { } start || start <= now + ClockSkew);
    }

    private void Check(JsonElement claims, UpstreamProvider upstream, string nonce)
    {
        var now = clock.GetUtcNow();
        Require(ProviderJson.Text(claims, "sub") is { Length: > 0 and <= 255 }, "has no subject");
        Require(
            ProviderJson.Time(claims, "iat") is { } issuedAt && issuedAt <= now + ClockSkew && issuedAt >= now - MostAge, "was not issued now");
        Require(ProviderJson.Text(claims, "nonce") is { } theirs && IsSame(theirs, nonce), "is of another login");

        // Steps 4 and 5: where it is for others too, it must say that it was asked for by this realm.
        var isForUsAlone = !claims.TryGetProperty("azp", out _) && ProviderJson.Texts(claims, "aud", int.MaxValue).Count == 1;
        Require(isForUsAlone || ProviderJson.Text(claims, "azp") == upstream.ClientId, "was asked for by another client");
    }

    private static void CheckAccessToken(JsonElement claims, string algorithm, string? accessToken)
    {
        if (accessToken is not null && claims.TryGetProperty("at_hash", out var hash))
        {
            Require(ProviderJson.Text(hash) is { } theirs && IsSame(theirs, HashOf(accessToken, algorithm)), "belongs to another access token");
        }
    }

    /// <summary>Section 3.1.3.6: the left half of the hash that the signature's algorithm names.</summary>
    private static string HashOf(string accessToken, string algorithm)
    {
        var bytes = Encoding.ASCII.GetBytes(accessToken);
        var hash = algorithm[^3..] switch
        {
            "384" => SHA384.HashData(bytes),
            "512" => SHA512.HashData(bytes),
            _ => SHA256.HashData(bytes),
        };
        return Base64Url.EncodeToString(hash.AsSpan(0, hash.Length / 2));
    }

    private static bool IsSame(string theirs, string ours) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(theirs), Encoding.UTF8.GetBytes(ours));

    private static void Require(bool right, string what)
    {
        if (!right)
        {
            throw new ProviderException($"its id token {what}");
        }
    }
}
