using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Pltfrms.Iam.Common.Jose;

/// <summary>
/// A JWK set (RFC 7517 section 5) of public keys that signatures are verified with. Members that nobody knows are ignored (section 4), private and
/// symmetric keys never are: whoever sends one has told the world.
/// </summary>
public static class PublicKeySet
{
    /// <summary>In characters.</summary>
    public const int MaxLength = 16 * 1024;

    public const int MaxKeys = 10;

    private const int MaxPublishedKeys = 100;
    private const int MaxKeyIdLength = 128;
    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 4096;
    private const int MaxExponentLength = 4;

    // RFC 7518 sections 6.2.2, 6.3.2 and 6.4.
    private static readonly string[] Private = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    /// <summary>What is wrong, as the end of a sentence that begins with the field; null: nothing.</summary>
    public static string? Violation(string json) => Read(json).Violation;

    /// <summary>The keys; none where anything is wrong with the set.</summary>
    public static IReadOnlyList<VerificationKey> KeysOf(string? json) => json is null ? [] : Read(json).Keys;

    /// <summary>One public key (section 4); null where it is none, is private too, or is for no signature that we know.</summary>
    public static VerificationKey? KeyOf(JsonElement key) => ReadKey(key).Key;

    /// <summary>
    /// The keys of a set that somebody else publishes for whatever purposes: what cannot be used here is passed over. An RSA key that does not say what it
    /// is for is there once for each padding. Null: it is no set.
    /// </summary>
    public static IReadOnlyList<VerificationKey>? UsableKeysOf(string json)
    {
        if (StrictJson.ReadObject(Encoding.UTF8.GetBytes(json)) is not { } set
            || !set.TryGetProperty("keys", out var keys) || keys.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        List<VerificationKey> usable = [];
        foreach (var key in keys.EnumerateArray().Take(MaxPublishedKeys))
        {
            if (ReadKey(key).Key is { } read)
            {
                usable.Add(read);
                if (read.Algorithm == SignatureAlgorithms.Ps256 && !key.TryGetProperty("alg", out _))
                {
                    usable.Add(ReadRsa(key, read.KeyId, SignatureAlgorithms.Rs256).Key!);
                }
            }
        }

        return usable;
    }

    private static (IReadOnlyList<VerificationKey> Keys, string? Violation) Read(string json)
    {
        if (json.Length > MaxLength
            || StrictJson.ReadObject(Encoding.UTF8.GetBytes(json)) is not { } set
            || !set.TryGetProperty("keys", out var keys) || keys.ValueKind != JsonValueKind.Array)
        {
            return ([], "must be a JWK set in JSON, {\"keys\": [...]}, with unique names and little nesting");
        }

        if (keys.GetArrayLength() is 0 or > MaxKeys)
        {
            return ([], string.Create(CultureInfo.InvariantCulture, $"must have from 1 to {MaxKeys} keys"));
        }

        List<VerificationKey> read = [];
        for (var i = 0; i < keys.GetArrayLength(); i++)
        {
            var (key, violation) = ReadKey(keys[i]);
            violation ??= read.Any(other => other.KeyId is not null && other.KeyId == key!.KeyId) ? "has the kid of another" : null;
            if (violation is not null)
            {
                return ([], string.Create(CultureInfo.InvariantCulture, $"must have good keys only: keys[{i}] {violation}"));
            }

            read.Add(key!);
        }

        return (read, null);
    }

    private static (VerificationKey? Key, string? Violation) ReadKey(JsonElement key)
    {
        if (key.ValueKind != JsonValueKind.Object)
        {
            return (null, "is not an object");
        }

        if (Array.Find(Private, member => key.TryGetProperty(member, out _)) is { } member)
        {
            return (null, $"is not only public: it has the member {member}. Use another key pair, for this one is known now");
        }

        if (!IsForSignatures(key))
        {
            return (null, "is not for verifying signatures: its use must be sig, its key_ops verify, where it has them");
        }

        var keyId = StrictJson.TextOf(key, "kid");
        if (key.TryGetProperty("kid", out _) && keyId is not { Length: > 0 and <= MaxKeyIdLength })
        {
            return (null, $"has a kid that is not a text of at most {MaxKeyIdLength} characters");
        }

        var (read, violation) = StrictJson.TextOf(key, "kty") switch
        {
            "EC" => ReadCurve(key, keyId),
            "RSA" => ReadRsa(
                key, keyId, StrictJson.TextOf(key, "alg") == SignatureAlgorithms.Rs256 ? SignatureAlgorithms.Rs256 : SignatureAlgorithms.Ps256),
            _ => (null, "has a kty that is neither EC nor RSA"),
        };
        return read is null ? (null, violation) : KeyCertificate.Read(key, read);
    }

    /// <summary>RFC 7517 sections 4.2 and 4.3.</summary>
    private static bool IsForSignatures(JsonElement key) =>
        (!key.TryGetProperty("use", out _) || StrictJson.TextOf(key, "use") == "sig")
        && (!key.TryGetProperty("key_ops", out var operations)
            || (operations.ValueKind == JsonValueKind.Array
                && operations.EnumerateArray().All(operation => operation.ValueKind == JsonValueKind.String && operation.GetString() == "verify")));

    private static (VerificationKey? Key, string? Violation) ReadCurve(JsonElement key, string? keyId)
    {
        var (curve, algorithm, size) = StrictJson.TextOf(key, "crv") switch
        {
            "P-256" => (ECCurve.NamedCurves.nistP256, SignatureAlgorithms.Es256, 32),
            "P-384" => (ECCurve.NamedCurves.nistP384, SignatureAlgorithms.Es384, 48),
            _ => default,
        };
        if (algorithm is null || !IsFor(key, algorithm))
        {
            return (null, "must be on P-256 for ES256, or on P-384 for ES384");
        }

        if (BytesOf(key, "x") is not { } x || BytesOf(key, "y") is not { } y || x.Length != size || y.Length != size)
        {
            return (null, "has an x or y that is not a coordinate of its curve in base64url");
        }

        var parameters = new ECParameters { Curve = curve, Q = new ECPoint { X = x, Y = y } };
        try
        {
            using var point = ECDsa.Create(parameters);
            return (new VerificationKey(keyId, algorithm, parameters) { CertificateThumbprint = KeyCertificate.ThumbprintOf(key) }, null);
        }
        catch (CryptographicException)
        {
            return (null, "is not a point of its curve");
        }
    }

    private static (VerificationKey? Key, string? Violation) ReadRsa(JsonElement key, string? keyId, string algorithm)
    {
        if (!IsFor(key, algorithm))
        {
            return (null, "must be for PS256 or, where its alg says so, for RS256");
        }

        // RFC 7518 section 6.3.1.1: no leading zero octets.
        if (BytesOf(key, "n") is not { Length: >= MinRsaBits / 8 and <= MaxRsaBits / 8 } modulus || modulus[0] < 0x80 || (modulus[^1] & 1) == 0)
        {
            return (null, $"has an n that is not a modulus of {MinRsaBits} to {MaxRsaBits} bits in base64url");
        }

        if (BytesOf(key, "e") is not { Length: > 0 and <= MaxExponentLength } exponent || (exponent[^1] & 1) == 0 || (exponent.Length == 1 && exponent[0] == 1))
        {
            return (null, "has an e that is not an odd number above 1 in base64url");
        }

        var parameters = new RSAParameters { Modulus = modulus, Exponent = exponent };
        return (new VerificationKey(keyId, algorithm, parameters) { CertificateThumbprint = KeyCertificate.ThumbprintOf(key) }, null);
    }

    private static bool IsFor(JsonElement key, string algorithm) =>
        !key.TryGetProperty("alg", out _) || StrictJson.TextOf(key, "alg") == algorithm;

    private static byte[]? BytesOf(JsonElement key, string member)
    {
        var text = StrictJson.TextOf(key, member);
        return text is { Length: > 0 } && !text.Contains('=', StringComparison.Ordinal) && Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;
    }
}
