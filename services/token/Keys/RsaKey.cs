using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.ObjectPool;

namespace Pltfrms.Iam.Token.Keys;

/// <summary>An RSA key: PS256 or RS256 by its padding (RFC 7518 sections 3.3 and 3.5).</summary>
public sealed class RsaKey : KeyMaterial
{
    /// <summary>RFC 7518 section 3.3: "a key of size 2048 bits or larger MUST be used". It signs for months, not for decades.</summary>
    private const int Bits = 2048;

    private readonly RSAParameters _parameters;
    private readonly RSASignaturePadding _padding;
    private readonly ObjectPool<RSA> _instances;

    private RsaKey(RSAParameters parameters, RSASignaturePadding padding)
    {
        (_parameters, _padding) = (parameters, padding);
        _instances = Pool(() => RSA.Create(parameters));
    }

    public override int SignatureSize => _parameters.Modulus!.Length;

    private string Modulus => Base64Url.EncodeToString(_parameters.Modulus);

    private string Exponent => Base64Url.EncodeToString(_parameters.Exponent);

    public static RsaKey New(RSASignaturePadding padding)
    {
        using var key = RSA.Create(Bits);
        return new(key.ExportParameters(includePrivateParameters: true), padding);
    }

    public static RsaKey Read(RSASignaturePadding padding, ReadOnlySpan<byte> privateKey)
    {
        using var key = RSA.Create();
        key.ImportPkcs8PrivateKey(privateKey, out _);
        return new(key.ExportParameters(includePrivateParameters: true), padding);
    }

    public override byte[] ExportPrivateKey()
    {
        using var key = RSA.Create(_parameters);
        return key.ExportPkcs8PrivateKey();
    }

    public override string ThumbprintInput() => $$"""{"e":"{{Exponent}}","kty":"RSA","n":"{{Modulus}}"}""";

    public override void WritePublicMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("kty", "RSA");
        writer.WriteString("n", Modulus);
        writer.WriteString("e", Exponent);
    }

    public override void Sign(ReadOnlySpan<byte> data, Span<byte> signature)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(data, hash);
        var instance = _instances.Get();
        instance.TrySignHash(hash, signature, HashAlgorithmName.SHA256, _padding, out _);
        _instances.Return(instance);
    }

    public override bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(data, hash);
        var instance = _instances.Get();
        var valid = instance.VerifyHash(hash, signature, HashAlgorithmName.SHA256, _padding);
        _instances.Return(instance);
        return valid;
    }
}
