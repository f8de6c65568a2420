using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Pltfrms.Iam.Consent.Remote;

/// <summary>
/// JWE in compact serialization (RFC 7516) with A256GCM, under ECDH-ES (RFC 7518 section 4.6, without key wrap) or RSA-OAEP-256 (section 4.3).
/// </summary>
/// <remarks>
/// Microsoft.IdentityModel.JsonWebTokens 8.16.0 encrypts with neither A256GCM nor RSA-OAEP-256. Agreement, derivation and
/// encryption are the platform's; here is the format only.
/// </remarks>
internal static class JsonWebEncryption
{
    private const string KeyAgreement = "ECDH-ES";
    private const string KeyEncryption = "RSA-OAEP-256";
    private const string ContentEncryption = "A256GCM";
    private const int KeySize = 32;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    /// <summary>Encrypts a JWS for the holder of a key (RFC 7519 section 5.2: content type JWT).</summary>
    /// <exception cref="CryptographicException">The key is not a valid one.</exception>
    public static string Encrypt(string jws, JsonWebKey recipient)
    {
        byte[] key;
        byte[] encryptedKey = [];
        string header;
        if (recipient.Curve is { } curve)
        {
            using var ephemeral = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
            var point = ephemeral.ExportParameters(includePrivateParameters: false).Q;
            header = Header(KeyAgreement, recipient.KeyId, writer => WriteEphemeralKey(writer, point));
            key = Agree(ephemeral, curve, [], []);
        }
        else
        {
            using var rsa = RSA.Create(recipient.Rsa!.Value);
            header = Header(KeyEncryption, recipient.KeyId, _ => { });
            key = RandomNumberGenerator.GetBytes(KeySize);
            encryptedKey = rsa.Encrypt(key, RSAEncryptionPadding.OaepSHA256);
        }

        return Encrypt(jws, Jose.Encode(header), encryptedKey, key);
    }

    /// <summary>Decrypts what was encrypted for our key; null where it was not, was changed since, or uses another algorithm.</summary>
    public static string? Decrypt(string jwe, ECDiffieHellman own)
    {
        if (Jose.Parts(jwe, 5) is not { } parts || Jose.Header(parts[0]) is not { } header
            || Jose.Text(header, "alg") != KeyAgreement || Jose.Text(header, "enc") != ContentEncryption || header.TryGetProperty("zip", out _)
            || parts[1].Length > 0
            || !header.TryGetProperty("epk", out var ephemeral) || ephemeral.ValueKind != JsonValueKind.Object || JsonWebKey.ReadCurve(ephemeral) is not { } curve
            || PartyInfo(header, "apu") is not { } producer || PartyInfo(header, "apv") is not { } consumer
            || Jose.Decode(parts[2]) is not { Length: NonceSize } nonce || Jose.Decode(parts[3]) is not { } ciphertext || Jose.Decode(parts[4]) is not { Length: TagSize } tag)
        {
            return null;
        }

        try
        {
            var text = new byte[ciphertext.Length];
            using var aes = new AesGcm(Agree(own, curve, producer, consumer), TagSize);
            aes.Decrypt(nonce, ciphertext, tag, text, Encoding.ASCII.GetBytes(parts[0]));
            return Encoding.ASCII.GetString(text);
        }
        catch (CryptographicException)
        {
            // A point that is not on the curve, or a tag that does not fit.
            return null;
        }
    }

    private static string Encrypt(string jws, string header, byte[] encryptedKey, byte[] key)
    {
        var nonce = RandomNumberGenerator.GetBytes(NonceSize);
        var text = Encoding.ASCII.GetBytes(jws);
        var ciphertext = new byte[text.Length];
        var tag = new byte[TagSize];
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(nonce, text, ciphertext, tag, Encoding.ASCII.GetBytes(header));
        return string.Join('.', header, Base64Url.EncodeToString(encryptedKey), Base64Url.EncodeToString(nonce), Base64Url.EncodeToString(ciphertext), Base64Url.EncodeToString(tag));
    }

    /// <summary>The Concat KDF of RFC 7518 section 4.6.2 for 256 bits: one round of SHA-256 over counter, secret and other information.</summary>
    private static byte[] Agree(ECDiffieHellman own, ECParameters other, byte[] producer, byte[] consumer)
    {
        using var remote = ECDiffieHellman.Create(other);
        byte[] information =
        [
            .. Lengthened(Encoding.ASCII.GetBytes(ContentEncryption)), .. Lengthened(producer), .. Lengthened(consumer), .. BigEndian(KeySize * 8),
        ];
        return own.DeriveKeyFromHash(remote.PublicKey, HashAlgorithmName.SHA256, BigEndian(1), information);
    }

    private static byte[] Lengthened(byte[] data) => [.. BigEndian(data.Length), .. data];

    private static byte[] BigEndian(int number)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    private static byte[]? PartyInfo(JsonElement header, string name) =>
        !header.TryGetProperty(name, out var value) ? [] : Jose.Text(value) is { } text ? Jose.Decode(text) : null;

    private static string Header(string algorithm, string keyId, Action<Utf8JsonWriter> writeMore) => JoseJson.Write(writer =>
    {
        writer.WriteString("alg", algorithm);
        writer.WriteString("enc", ContentEncryption);
        writer.WriteString("cty", "JWT");
        if (keyId.Length > 0)
        {
            writer.WriteString("kid", keyId);
        }

        writeMore(writer);
    });

    private static void WriteEphemeralKey(Utf8JsonWriter writer, ECPoint point)
    {
        writer.WriteStartObject("epk");
        JoseJson.WriteCurve(writer, point);
        writer.WriteEndObject();
    }
}
