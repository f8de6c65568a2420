using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Pltfrms.Iam.Token.Keys;

/// <summary>A key of a realm, ready to sign and to verify from many requests at once, with one algorithm and never with another (RFC 8725 section 3.1).</summary>
public sealed class SigningKey
{
    private const string AccessTokenType = "at+jwt";

    // {"alg":"ES256","typ":"at+jwt","kid":"<43>"}: the names of algorithms are as long as each other, and so are thumbprints.
    private static readonly byte[] HeaderStart = Encoding.ASCII.GetBytes(Base64Url.EncodeToString("{\"alg\":"u8)[..9]);
    private static readonly int HeaderLength = Base64Url.GetEncodedLength(Header("ES256", AccessTokenType, new string('k', 43)).Length);

    private readonly KeyMaterial _material;

    public SigningKey(string algorithm, KeyMaterial material)
    {
        (Algorithm, _material) = (algorithm, material);
        KeyId = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(material.ThumbprintInput())));
        EncodedHeader = HeaderOf(AccessTokenType);
        IntrospectionHeader = HeaderOf("token-introspection+jwt");
    }

    /// <summary>One of <see cref="Common.Jose.SignatureAlgorithms"/>.</summary>
    public string Algorithm { get; }

    /// <summary>RFC 7638 thumbprint.</summary>
    public string KeyId { get; }

    /// <summary>The JOSE header of every token signed with this key (RFC 9068 section 2.1), base64url.</summary>
    public byte[] EncodedHeader { get; }

    /// <summary>The JOSE header of introspection answers (RFC 9701 section 5), base64url: such an answer is never taken for a token.</summary>
    public byte[] IntrospectionHeader { get; }

    /// <summary>In bytes.</summary>
    public int SignatureSize => _material.SignatureSize;

    /// <summary>Whether a token's first part may be a header of ours, by a key that this replica does not know.</summary>
    public static bool MayBeHeader(ReadOnlySpan<byte> encoded) => encoded.Length == HeaderLength && encoded.StartsWith(HeaderStart);

    public void Sign(ReadOnlySpan<byte> data, Span<byte> signature) => _material.Sign(data, signature);

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => _material.Verify(data, signature);

    /// <summary>The public key as a JWK (RFC 7517 section 4).</summary>
    public void WriteJwk(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        _material.WritePublicMembers(writer);
        writer.WriteString("use", "sig");
        writer.WriteString("alg", Algorithm);
        writer.WriteString("kid", KeyId);
        writer.WriteEndObject();
    }

    private byte[] HeaderOf(string type) => Encoding.ASCII.GetBytes(Base64Url.EncodeToString(
        Encoding.ASCII.GetBytes(Header(Algorithm, type, KeyId))));

    private static string Header(string algorithm, string type, string keyId) => $$"""{"alg":"{{algorithm}}","typ":"{{type}}","kid":"{{keyId}}"}""";
}
