using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.ObjectPool;
using Pltfrms.Iam.Common.Jose;

namespace Pltfrms.Iam.Token.Keys;

/// <summary>A key pair and the one way in which it signs (RFC 7518 section 3), good for many requests at once.</summary>
public abstract class KeyMaterial
{
    /// <summary>Of every signature, in bytes.</summary>
    public abstract int SignatureSize { get; }

    /// <summary>Makes a new key pair.</summary>
    /// <param name="algorithm">One of <see cref="SignatureAlgorithms"/>.</param>
    public static KeyMaterial New(string algorithm) => algorithm switch
    {
        SignatureAlgorithms.Es256 => CurveKey.New(ECCurve.NamedCurves.nistP256),
        SignatureAlgorithms.Es384 => CurveKey.New(ECCurve.NamedCurves.nistP384),
        SignatureAlgorithms.Ps256 => RsaKey.New(RSASignaturePadding.Pss),
        SignatureAlgorithms.Rs256 => RsaKey.New(RSASignaturePadding.Pkcs1),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "no such signature algorithm"),
    };

    /// <summary>Reads a key pair in PKCS#8.</summary>
    /// <exception cref="CryptographicException">It is none, or one for another algorithm.</exception>
    public static KeyMaterial Read(string algorithm, ReadOnlySpan<byte> privateKey) => algorithm switch
    {
        SignatureAlgorithms.Es256 => CurveKey.Read(ECCurve.NamedCurves.nistP256, privateKey),
        SignatureAlgorithms.Es384 => CurveKey.Read(ECCurve.NamedCurves.nistP384, privateKey),
        SignatureAlgorithms.Ps256 => RsaKey.Read(RSASignaturePadding.Pss, privateKey),
        SignatureAlgorithms.Rs256 => RsaKey.Read(RSASignaturePadding.Pkcs1, privateKey),
        _ => throw new CryptographicException($"The stored key is for {algorithm}, which is unknown."),
    };

    /// <summary>In PKCS#8; to be overwritten after use.</summary>
    public abstract byte[] ExportPrivateKey();

    /// <summary>RFC 7638 section 3: the required members in lexicographic order.</summary>
    public abstract string ThumbprintInput();

    /// <summary>The members of a JWK that make the public key.</summary>
    public abstract void WritePublicMembers(Utf8JsonWriter writer);

    /// <param name="data">What is signed.</param>
    /// <param name="signature">Exactly <see cref="SignatureSize"/> bytes.</param>
    public abstract void Sign(ReadOnlySpan<byte> data, Span<byte> signature);

    public abstract bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);

    /// <summary>The platform's keys are not safe to use from two threads, and one behind a lock would serialize all requests.</summary>
    private protected static ObjectPool<T> Pool<T>(Func<T> create)
        where T : AsymmetricAlgorithm => new DefaultObjectPoolProvider { MaximumRetained = Environment.ProcessorCount * 2 }.Create(new InstancePolicy<T>(create));

    private sealed class InstancePolicy<T>(Func<T> create) : PooledObjectPolicy<T>
        where T : AsymmetricAlgorithm
    {
        public override T Create() => create();

        public override bool Return(T obj) => true;
    }
}
