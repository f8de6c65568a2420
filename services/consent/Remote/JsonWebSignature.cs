using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Pltfrms.Iam.Consent.Remote;

/// <summary>JWS in compact serialization (RFC 7515) with ES256, and no other algorithm (RFC 8725 section 3.1).</summary>
internal static class JsonWebSignature
{
    private const string Algorithm = "ES256";

    public static string Sign(string type, string claims, ECDsa key, string keyId)
    {
        var header = JoseJson.Write(writer =>
        {
            writer.WriteString("alg", Algorithm);
            writer.WriteString("typ", type);
            writer.WriteString("kid", keyId);
        });
        var signed = $"{Jose.Encode(header)}.{Jose.Encode(claims)}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>The id of the key that a JWS says it is signed with, empty where it says none; null where it is no JWS of this type with ES256.</summary>
    public static string? KeyIdOf(string jws, string type) =>
        Jose.Parts(jws, 3) is { } parts && Jose.Header(parts[0]) is { } header
            && Jose.Text(header, "alg") == Algorithm && string.Equals(Jose.Text(header, "typ"), type, StringComparison.OrdinalIgnoreCase)
            ? Jose.Text(header, "kid") ?? ""
            : null;

    /// <summary>The claims of a JWS that one of the keys signed; null where none did.</summary>
    public static JsonElement? Verify(string jws, IEnumerable<JsonWebKey> keys)
    {
        if (Jose.Parts(jws, 3) is not { } parts || Jose.Decode(parts[2]) is not { } signature || Jose.Decode(parts[1]) is not { } claims)
        {
            return null;
        }

        var signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        return keys.Any(key => IsSignedBy(key, signed, signature)) ? Jose.Object(claims) : null;
    }

    private static bool IsSignedBy(JsonWebKey key, byte[] signed, byte[] signature)
    {
        if (key.Curve is not { } curve)
        {
            return false;
        }

        try
        {
            using var ecdsa = ECDsa.Create(curve);
            return ecdsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (CryptographicException)
        {
            // A point that is not on the curve.
            return false;
        }
    }
}
