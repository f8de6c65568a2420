using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Pltfrms.Iam.Consent.Remote;

/// <summary>A public key of a JWK set (RFC 7517), of the kinds that remote consent uses: EC on P-256, and RSA for encryption.</summary>
public sealed record JsonWebKey
{
    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 8192;
    private const int CoordinateSize = 32;

    /// <summary>Empty: it has none.</summary>
    public required string KeyId { get; init; }

    /// <summary>sig or enc.</summary>
    public required string Use { get; init; }

    /// <summary>Set for an EC key.</summary>
    public ECParameters? Curve { get; init; }

    /// <summary>Set for an RSA key.</summary>
    public RSAParameters? Rsa { get; init; }

    /// <summary>The keys of a set that can be used; others are ignored (RFC 7517 section 5).</summary>
    /// <exception cref="JsonException">It is not a JWK set.</exception>
    public static IReadOnlyList<JsonWebKey> ReadSet(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("keys", out var keys) && keys.ValueKind == JsonValueKind.Array
            ? [.. keys.EnumerateArray().Select(Read).OfType<JsonWebKey>()]
            : throw new JsonException("There is no array 'keys'.");
    }

    /// <summary>An EC public key; null where it is not one on P-256.</summary>
    public static ECParameters? ReadCurve(JsonElement key) =>
        Text(key, "kty") == "EC" && Text(key, "crv") == "P-256"
            && Bytes(key, "x") is { Length: CoordinateSize } x && Bytes(key, "y") is { Length: CoordinateSize } y
            ? new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } }
            : null;

    /// <summary>RFC 7638.</summary>
    public static string Thumbprint(ECPoint point)
    {
        var members = $$"""{"crv":"P-256","kty":"EC","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"}""";
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(members)));
    }

    private static JsonWebKey? Read(JsonElement key)
    {
        if (key.ValueKind != JsonValueKind.Object || Text(key, "use") is not ("sig" or "enc") and not null)
        {
            return null;
        }

        // A key without a use is for anything (RFC 7517 section 4.2); ours say theirs, so a signature is what is most likely meant.
        var found = new JsonWebKey { KeyId = Text(key, "kid") ?? "", Use = Text(key, "use") ?? "sig", Curve = ReadCurve(key), Rsa = ReadRsa(key) };
        return found.Curve is null && (found.Rsa is null || found.Use != "enc") ? null : found;
    }

    private static RSAParameters? ReadRsa(JsonElement key) =>
        Text(key, "kty") == "RSA" && Bytes(key, "n") is { Length: >= MinRsaBits / 8 and <= MaxRsaBits / 8 } modulus && Bytes(key, "e") is { Length: <= 8 } exponent
            ? new RSAParameters { Modulus = modulus, Exponent = exponent }
            : null;

    private static string? Text(JsonElement json, string name) => Jose.Text(json, name);

    private static byte[]? Bytes(JsonElement json, string name) => Text(json, name) is { } text ? Jose.Decode(text) : null;
}
