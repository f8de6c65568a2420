using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Pltfrms.Iam.Client.AspNetCore.Dpop;

/// <summary>A DPoP proof whose signature is its key's (RFC 9449 section 4.2).</summary>
internal sealed record DpopProof
{
    /// <summary>What proofs may be signed with, as challenges and metadata name it.</summary>
    public const string Algorithms = "ES256 ES384 PS256";

    private const int MaxLength = 8192;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    public required string Thumbprint { get; init; }

    public required string Id { get; init; }

    public required string Method { get; init; }

    public required string Address { get; init; }

    public required long IssuedAt { get; init; }

    public required string TokenHash { get; init; }

    public required string? Nonce { get; init; }

    /// <exception cref="FormatException">It is no such proof; the message says why.</exception>
    public static DpopProof Parse(string proof)
    {
        if (proof.Length > MaxLength || proof.Split('.') is not [var header, var payload, var signature])
        {
            throw new FormatException("it is no JWT");
        }
        try
        {
            using var head = JsonDocument.Parse(Base64Url.DecodeFromChars(header), Strict);
            using var body = JsonDocument.Parse(Base64Url.DecodeFromChars(payload), Strict);
            var key = Key(head.RootElement);
            if (!key.Verifies(Encoding.ASCII.GetBytes($"{header}.{payload}"), Base64Url.DecodeFromChars(signature)))
            {
                throw new FormatException("the signature is not its key's");
            }
            return Of(body.RootElement, key);
        }
        catch (Exception fault) when (fault is JsonException or CryptographicException or InvalidOperationException)
        {
            throw new FormatException("it is malformed", fault);
        }
    }

    private static DpopKey Key(JsonElement header)
    {
        if (Text(header, "typ") != "dpop+jwt" || header.TryGetProperty("crit", out _))
        {
            throw new FormatException("typ is not dpop+jwt");
        }
        var algorithm = Text(header, "alg");
        if (!Algorithms.Split(' ').Contains(algorithm, StringComparer.Ordinal) || !header.TryGetProperty("jwk", out var jwk))
        {
            throw new FormatException("alg or jwk is not one that is taken here");
        }
        return DpopKey.Read(jwk, algorithm!);
    }

    private static DpopProof Of(JsonElement claims, DpopKey key) => new()
    {
        Thumbprint = key.Thumbprint,
        Id = Text(claims, "jti") is { Length: > 0 and <= 256 } id ? id : throw new FormatException("jti is missing"),
        Method = Text(claims, "htm") ?? throw new FormatException("htm is missing"),
        Address = Text(claims, "htu") ?? throw new FormatException("htu is missing"),
        IssuedAt = claims.TryGetProperty("iat", out var time) && time.ValueKind == JsonValueKind.Number && time.TryGetDouble(out var seconds) && Math.Abs(seconds) < 1e12
            ? (long)seconds
            : throw new FormatException("iat is missing"),
        TokenHash = Text(claims, "ath") ?? throw new FormatException("ath is missing"),
        Nonce = Text(claims, "nonce"),
    };

    private static string? Text(JsonElement element, string member) =>
        element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
