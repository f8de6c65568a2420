using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.ObjectPool;

namespace Pltfrms.Iam.Common.Jose;

/// <summary>Somebody else's public key (RFC 7517), for one signature algorithm.</summary>
public sealed class VerificationKey
{
    private readonly ECParameters? _curve;
    private readonly RSAParameters? _rsa;
    private readonly ObjectPool<AsymmetricAlgorithm> _instances;
    private string? _thumbprint;

    public VerificationKey(string? keyId, string algorithm, in ECParameters curve)
    {
        var parameters = curve;
        (KeyId, Algorithm, _curve, _instances) = (keyId, algorithm, curve, Instances.Of(() => ECDsa.Create(parameters)));
    }

    public VerificationKey(string? keyId, string algorithm, in RSAParameters rsa)
    {
        var parameters = rsa;
        (KeyId, Algorithm, _rsa, _instances) = (keyId, algorithm, rsa, Instances.Of(() => RSA.Create(parameters)));
    }

    /// <summary>Null: it has none.</summary>
    public string? KeyId { get; }

    /// <summary>One of <see cref="SignatureAlgorithms"/>: a key is never used with another.</summary>
    public string Algorithm { get; }

    /// <summary>SHA-256 of the certificate that its owner registered with it, in base64url (RFC 7517 section 4.7, RFC 8705 section 2.2); null: none.</summary>
    public string? CertificateThumbprint { get; init; }

    /// <summary>Whether it is the key in a certificate.</summary>
    public bool IsIn(X509Certificate2 certificate) =>
        PublicKeyInfo().AsSpan().SequenceEqual(certificate.PublicKey.ExportSubjectPublicKeyInfo());

    /// <summary>RFC 7638 section 3 with SHA-256, in base64url.</summary>
    public string Thumbprint => _thumbprint ??= Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(ThumbprintInput())));

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        var key = _instances.Get();
        try
        {
            return key switch
            {
                ECDsa curve => curve.VerifyData(data, signature, CurveHash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
                RSA rsa => rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, RsaPadding),
                _ => false,
            };
        }
        finally
        {
            _instances.Return(key);
        }
    }

    private HashAlgorithmName CurveHash => Algorithm == SignatureAlgorithms.Es384 ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;

    private RSASignaturePadding RsaPadding => Algorithm == SignatureAlgorithms.Rs256 ? RSASignaturePadding.Pkcs1 : RSASignaturePadding.Pss;

    private string ThumbprintInput() => _curve is { } curve
        ? $$"""{"crv":"{{(Algorithm == SignatureAlgorithms.Es384 ? "P-384" : "P-256")}}","kty":"EC","x":"{{Encode(curve.Q.X)}}","y":"{{Encode(curve.Q.Y)}}"}"""
        : $$"""{"e":"{{Encode(_rsa!.Value.Exponent)}}","kty":"RSA","n":"{{Encode(_rsa.Value.Modulus)}}"}""";

    private static string Encode(byte[]? bytes) => Base64Url.EncodeToString(bytes);

    private byte[] PublicKeyInfo()
    {
        if (_curve is { } curve)
        {
            using var key = ECDsa.Create(curve);
            return key.ExportSubjectPublicKeyInfo();
        }

        using var rsa = RSA.Create(_rsa!.Value);
        return rsa.ExportSubjectPublicKeyInfo();
    }

    /// <summary>The platform's keys are not safe to use from two threads, and reading one costs as much as verifying with it.</summary>
    private sealed class Instances(Func<AsymmetricAlgorithm> create) : PooledObjectPolicy<AsymmetricAlgorithm>
    {
        public static ObjectPool<AsymmetricAlgorithm> Of(Func<AsymmetricAlgorithm> create) => new DefaultObjectPoolProvider().Create(new Instances(create));

        public override AsymmetricAlgorithm Create() => create();

        public override bool Return(AsymmetricAlgorithm obj) => true;
    }
}
