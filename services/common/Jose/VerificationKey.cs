using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pltfrms.Iam.Common.Jose;

/// <summary>Somebody else's public key (RFC 7517), for one signature algorithm.</summary>
public sealed class VerificationKey
{
    private readonly ECParameters? _curve;
    private readonly RSAParameters? _rsa;

    public VerificationKey(string? keyId, string algorithm, in ECParameters curve)
    {
        (KeyId, Algorithm, _curve) = (keyId, algorithm, curve);
    }

    public VerificationKey(string? keyId, string algorithm, in RSAParameters rsa)
    {
        (KeyId, Algorithm, _rsa) = (keyId, algorithm, rsa);
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

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (_curve is { } curve)
        {
            using var key = ECDsa.Create(curve);
            var hash = Algorithm == SignatureAlgorithms.Es384 ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;
            return key.VerifyData(data, signature, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }

        using var rsa = RSA.Create(_rsa!.Value);
        var padding = Algorithm == SignatureAlgorithms.Rs256 ? RSASignaturePadding.Pkcs1 : RSASignaturePadding.Pss;
        return rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, padding);
    }

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
}
