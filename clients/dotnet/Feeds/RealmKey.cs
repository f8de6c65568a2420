using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Pltfrms.Iam.Client.Feeds;

/// <summary>One of the realm's public keys (RFC 7517), for one signature algorithm and no other (RFC 8725 section 3.1).</summary>
internal sealed class RealmKey
{
    private readonly Func<AsymmetricAlgorithm> _create;
    private readonly AsymmetricAlgorithm?[] _idle = new AsymmetricAlgorithm?[Environment.ProcessorCount];
    private volatile bool _isCurrent = true;
    private volatile byte[]? _header;

    private RealmKey(string keyId, string algorithm, int signatureSize, Func<AsymmetricAlgorithm> create)
    {
        (KeyId, Algorithm, SignatureSize, _create) = (keyId, algorithm, signatureSize, create);
        // What cannot be used is found out now.
        Return(create());
    }

    public string KeyId { get; }

    public string Algorithm { get; }

    /// <summary>In bytes.</summary>
    public int SignatureSize { get; }

    /// <summary>Whether the realm still publishes it: what it signed is not believed any more when it does not.</summary>
    public bool IsCurrent => _isCurrent;

    /// <summary>Whether it says the same as another.</summary>
    public required string Json { get; init; }

    /// <summary>The key of a JWK; null where it is for nothing that is known here.</summary>
    public static RealmKey? Read(JsonElement jwk)
    {
        try
        {
            return (Text(jwk, "kid"), Text(jwk, "kty"), Text(jwk, "alg"), Text(jwk, "crv")) switch
            {
                ({ Length: > 0 } kid, "EC", "ES256", "P-256") => Curve(jwk, kid, "ES256", ECCurve.NamedCurves.nistP256, 64),
                ({ Length: > 0 } kid, "EC", "ES384", "P-384") => Curve(jwk, kid, "ES384", ECCurve.NamedCurves.nistP384, 96),
                ({ Length: > 0 } kid, "RSA", "PS256" or "RS256", _) => Rsa(jwk, kid, Text(jwk, "alg")!),
                _ => null,
            };
        }
        catch (Exception fault) when (fault is CryptographicException or FormatException)
        {
            return null;
        }
    }

    public void Retire() => _isCurrent = false;

    /// <summary>Whether a JOSE header was found to be of this key before: the same text is the same header.</summary>
    public bool HasHeader(ReadOnlySpan<byte> encoded) => _header is { } known && encoded.SequenceEqual(known);

    public void KnowHeader(ReadOnlySpan<byte> encoded) => _header = encoded.ToArray();

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        var key = Take();
        try
        {
            return key switch
            {
                ECDsa curve => curve.VerifyData(data, signature, CurveHash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
                RSA rsa => rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, Padding),
                _ => false,
            };
        }
        finally
        {
            Return(key);
        }
    }

    private HashAlgorithmName CurveHash => Algorithm == "ES384" ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;

    private RSASignaturePadding Padding => Algorithm == "RS256" ? RSASignaturePadding.Pkcs1 : RSASignaturePadding.Pss;

    private static RealmKey Curve(JsonElement jwk, string kid, string algorithm, ECCurve curve, int signatureSize)
    {
        var parameters = new ECParameters { Curve = curve, Q = new() { X = Bytes(jwk, "x"), Y = Bytes(jwk, "y") } };
        return new(kid, algorithm, signatureSize, () => ECDsa.Create(parameters)) { Json = jwk.GetRawText() };
    }

    private static RealmKey Rsa(JsonElement jwk, string kid, string algorithm)
    {
        var parameters = new RSAParameters { Modulus = Bytes(jwk, "n"), Exponent = Bytes(jwk, "e") };
        return new(kid, algorithm, parameters.Modulus!.Length, () => RSA.Create(parameters)) { Json = jwk.GetRawText() };
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static byte[] Bytes(JsonElement json, string name) =>
        Base64Url.DecodeFromChars(Text(json, name) ?? throw new FormatException($"a key without {name}"));

    /// <summary>The platform's keys are not safe to use from two threads, and making one costs as much as verifying with it.</summary>
    private AsymmetricAlgorithm Take()
    {
        for (var i = 0; i < _idle.Length; i++)
        {
            if (Volatile.Read(ref _idle[i]) is not null && Interlocked.Exchange(ref _idle[i], null) is { } idle)
            {
                return idle;
            }
        }
        return _create();
    }

    private void Return(AsymmetricAlgorithm key)
    {
        for (var i = 0; i < _idle.Length; i++)
        {
            if (Interlocked.CompareExchange(ref _idle[i], key, null) is null)
            {
                return;
            }
        }
        key.Dispose();
    }
}
