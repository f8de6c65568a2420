using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Pltfrms.Iam.Token.Keys;
using Pltfrms.Iam.Token.OAuth;

namespace Pltfrms.Iam.Token.Tokens;

/// <summary>Writes a JWT in the JWS compact serialization (RFC 7515 section 7.1).</summary>
public static class JwtWriter
{
    /// <summary>An access token (RFC 9068).</summary>
    public static string Write(AccessToken token, SigningKey key)
    {
        using var scratch = JsonScratch.Rent();
        scratch.Writer.WriteStartObject();
        AccessTokenJson.WriteMembers(scratch.Writer, token);
        scratch.Writer.WriteEndObject();
        return Write(scratch.Written(), key.EncodedHeader, key);
    }

    /// <param name="payload">The claims.</param>
    /// <param name="header">One of the key's encoded headers.</param>
    /// <param name="key">Signs.</param>
    public static string Write(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> header, SigningKey key)
    {
        var signedSize = header.Length + 1 + Base64Url.GetEncodedLength(payload.Length);
        var size = signedSize + 1 + Base64Url.GetEncodedLength(key.SignatureSize);
        var rented = ArrayPool<byte>.Shared.Rent(size);
        var jwt = rented.AsSpan(0, size);
        header.CopyTo(jwt);
        jwt[header.Length] = (byte)'.';
        Base64Url.EncodeToUtf8(payload, jwt[(header.Length + 1)..]);
        jwt[signedSize] = (byte)'.';
        Span<byte> signature = stackalloc byte[key.SignatureSize];
        key.Sign(jwt[..signedSize], signature);
        Base64Url.EncodeToUtf8(signature, jwt[(signedSize + 1)..]);
        var text = Encoding.ASCII.GetString(jwt);
        ArrayPool<byte>.Shared.Return(rented);
        return text;
    }
}
