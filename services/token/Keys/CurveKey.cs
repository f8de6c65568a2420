using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.ObjectPool;
using Pltfrms.Iam.Common;

namespace Pltfrms.Iam.Token.Keys;

/// <summary>An elliptic curve key: ES256 on P-256, ES384 on P-384 (RFC 7518 section 3.4).</summary>
public sealed class CurveKey : KeyMaterial
{
    private const int P256Size = 32;

    private readonly ECParameters _parameters;
    private readonly ObjectPool<ECDsa> _instances;

    public CurveKey(ECParameters parameters)
    {
        _parameters = parameters;
        _instances = Pool(() => ECDsa.Create(parameters));
    }

    /// <summary>R and S, as long as a coordinate each.</summary>
    public override int SignatureSize => 2 * CoordinateSize;

    private int CoordinateSize => _parameters.Q.X!.Length;

    private string Curve => CoordinateSize == P256Size ? "P-256" : "P-384";

    private string X => Base64Url.EncodeToString(_parameters.Q.X);

    private string Y => Base64Url.EncodeToString(_parameters.Q.Y);

    public static CurveKey New(ECCurve curve)
    {
        using var key = ECDsa.Create(curve);
        return new(key.ExportParameters(includePrivateParameters: true));
    }

    public static CurveKey Read(ECCurve curve, ReadOnlySpan<byte> privateKey)
    {
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(privateKey, out _);
        var parameters = key.ExportParameters(includePrivateParameters: true);
        return parameters.Curve.Oid.Value == curve.Oid.Value ? new(parameters) : throw new CryptographicException("The stored key is on another curve.");
    }

    public override byte[] ExportPrivateKey()
    {
        using var key = ECDsa.Create(_parameters);
        return key.ExportPkcs8PrivateKey();
    }

    public override string ThumbprintInput() => $$"""{"crv":"{{Curve}}","kty":"EC","x":"{{X}}","y":"{{Y}}"}""";

    public override void WritePublicMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("kty", "EC");
        writer.WriteString("crv", Curve);
        writer.WriteString("x", X);
        writer.WriteString("y", Y);
    }

    public override void Sign(ReadOnlySpan<byte> data, Span<byte> signature)
    {
        Span<byte> hash = stackalloc byte[CoordinateSize];
        Hash(data, hash);
        var instance = _instances.Get();
        instance.TrySignHash(hash, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation, out _);
        _instances.Return(instance);
    }

    public override bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        Span<byte> hash = stackalloc byte[CoordinateSize];
        Hash(data, hash);
        var instance = _instances.Get();
        var valid = instance.VerifyHash(hash, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        _instances.Return(instance);
        return valid;
    }

    /// <summary>SHA-256 with P-256, SHA-384 with P-384: as long as a coordinate.</summary>
    private static void Hash(ReadOnlySpan<byte> data, Span<byte> hash)
    {
        if (hash.Length == P256Size)
        {
            Sha256.Hash(data, hash);
        }
        else
        {
            SHA384.HashData(data, hash);
        }
    }
}
