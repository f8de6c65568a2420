using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.ObjectPool;

namespace Pltfrms.Iam.Token.Keys;

/// <summary>An ES256 key of a realm (RFC 7518 section 3.4), ready to sign and to verify from many requests at once.</summary>
public sealed class SigningKey
{
    public const string Algorithm = "ES256";

    /// <summary>R and S, 32 bytes each.</summary>
    public const int SignatureSize = 64;

    private readonly ObjectPool<ECDsa> _instances;

    public SigningKey(ECParameters parameters)
    {
        X = Base64Url.EncodeToString(parameters.Q.X);
        Y = Base64Url.EncodeToString(parameters.Q.Y);
        KeyId = Thumbprint(X, Y);
        EncodedHeader = HeaderOf("at+jwt");
        IntrospectionHeader = HeaderOf("token-introspection+jwt");
        _instances = new DefaultObjectPoolProvider { MaximumRetained = Environment.ProcessorCount * 2 }
            .Create(new InstancePolicy(parameters));
    }

    public string KeyId { get; }

    /// <summary>The public point's coordinates as in a JWK (RFC 7518 section 6.2.1).</summary>
    public string X { get; }

    public string Y { get; }

    /// <summary>The JOSE header of every token signed with this key (RFC 9068 section 2.1), base64url.</summary>
    public byte[] EncodedHeader { get; }

    /// <summary>The JOSE header of introspection answers (RFC 9701 section 5), base64url: such an answer is never taken for a token.</summary>
    public byte[] IntrospectionHeader { get; }

    public void Sign(ReadOnlySpan<byte> data, Span<byte> signature)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(data, hash);
        var instance = _instances.Get();
        instance.TrySignHash(hash, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation, out _);
        _instances.Return(instance);
    }

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(data, hash);
        var instance = _instances.Get();
        var valid = instance.VerifyHash(hash, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        _instances.Return(instance);
        return valid;
    }

    private byte[] HeaderOf(string type) => Encoding.ASCII.GetBytes(Base64Url.EncodeToString(
        Encoding.ASCII.GetBytes($$"""{"alg":"{{Algorithm}}","typ":"{{type}}","kid":"{{KeyId}}"}""")));

    /// <summary>RFC 7638 section 3: SHA-256 over the required members in lexicographic order.</summary>
    private static string Thumbprint(string x, string y) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""")));

    /// <summary>An ECDsa object is not safe to use from two threads, and one behind a lock would serialize all requests.</summary>
    private sealed class InstancePolicy(ECParameters parameters) : PooledObjectPolicy<ECDsa>
    {
        public override ECDsa Create() => ECDsa.Create(parameters);

        public override bool Return(ECDsa obj) => true;
    }
}
