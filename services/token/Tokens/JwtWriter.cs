using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pltfrms.Iam.Token.Keys;

namespace Pltfrms.Iam.Token.Tokens;

/// <summary>Writes an access token in the JWS compact serialization (RFC 7515 section 7.1).</summary>
public static class JwtWriter
{
    private const int InitialPayloadSize = 512;

    // The payload is never put into a page, so only what JSON itself demands is escaped.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static string Write(AccessToken token, SigningKey key)
    {
        var payload = new ArrayBufferWriter<byte>(InitialPayloadSize);
        using (var writer = new Utf8JsonWriter(payload, Options))
        {
            writer.WriteStartObject();
            AccessTokenJson.WriteMembers(writer, token);
            writer.WriteEndObject();
        }

        return Sign(payload.WrittenSpan, key);
    }

    private static string Sign(ReadOnlySpan<byte> payload, SigningKey key)
    {
        var header = key.EncodedHeader;
        var signedSize = header.Length + 1 + Base64Url.GetEncodedLength(payload.Length);
        var size = signedSize + 1 + Base64Url.GetEncodedLength(SigningKey.SignatureSize);
        var rented = ArrayPool<byte>.Shared.Rent(size);
        var jwt = rented.AsSpan(0, size);
        header.CopyTo(jwt);
        jwt[header.Length] = (byte)'.';
        Base64Url.EncodeToUtf8(payload, jwt[(header.Length + 1)..]);
        jwt[signedSize] = (byte)'.';
        Span<byte> signature = stackalloc byte[SigningKey.SignatureSize];
        key.Sign(jwt[..signedSize], signature);
        Base64Url.EncodeToUtf8(signature, jwt[(signedSize + 1)..]);
        var text = Encoding.ASCII.GetString(jwt);
        ArrayPool<byte>.Shared.Return(rented);
        return text;
    }
}
