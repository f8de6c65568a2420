using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Pltfrms.Iam.Common.Jose;

/// <summary>A JWT that somebody else signed (RFC 7519, RFC 7515 section 7.1), taken apart. Nothing in it is true before a key has verified it.</summary>
public sealed class SignedJwt
{
    private readonly byte[] _signed;
    private readonly byte[] _signature;

    private SignedJwt(JsonElement header, JsonElement claims, string encodedHeader, byte[] signed, byte[] signature)
    {
        (Header, Claims, EncodedHeader, _signed, _signature) = (header, claims, encodedHeader, signed, signature);
    }

    public JsonElement Header { get; }

    /// <summary>The header as it came, in base64url.</summary>
    public string EncodedHeader { get; }

    public JsonElement Claims { get; }

    /// <summary>Of the header, lower case and without <c>application/</c> (RFC 7515 section 4.1.9); empty: it has none.</summary>
    public string Type => (StrictJson.TextOf(Header, "typ") ?? "").ToLowerInvariant() is var type && type.StartsWith("application/", StringComparison.Ordinal)
        ? type["application/".Length..]
        : type;

    /// <summary>Null where a text is no JWS in compact serialization whose header and payload are JSON objects, or uses what we do not understand.</summary>
    public static SignedJwt? Parse(string text)
    {
        var (first, last) = (text.IndexOf('.', StringComparison.Ordinal), text.LastIndexOf('.'));
        if (first == last || text.AsSpan(first + 1, last - first - 1).Contains('.') || Decode(text.AsSpan(last + 1)) is not { } signature
            || ReadPart(text.AsSpan(0, first)) is not { } header || ReadPart(text.AsSpan(first + 1, last - first - 1)) is not { } claims)
        {
            return null;
        }

        // RFC 7515 section 4.1.11: what is critical must be understood, and no extension is.
        return header.TryGetProperty("crit", out _) || (header.TryGetProperty("typ", out _) && StrictJson.TextOf(header, "typ") is null)
            ? null
            : new SignedJwt(header, claims, text[..first], Encoding.ASCII.GetBytes(text, 0, last), signature);
    }

    /// <summary>
    /// Whether one of the keys signed it, with the algorithm that is the key's own (RFC 8725 section 3.1). Keys that the header brings along
    /// or points to (<c>jwk</c>, <c>jku</c>, <c>x5c</c>, <c>x5u</c>) are not looked at.
    /// </summary>
    public bool IsSignedBy(IEnumerable<VerificationKey> keys)
    {
        if (StrictJson.TextOf(Header, "alg") is not { } algorithm)
        {
            return false;
        }

        var keyId = StrictJson.TextOf(Header, "kid");
        return keys.Any(key => key.Algorithm == algorithm && (keyId is null || key.KeyId is null || key.KeyId == keyId) && key.Verify(_signed, _signature));
    }

    /// <summary>Whether this key signed it, with the algorithm that is the key's own, whatever it is called.</summary>
    public bool IsSignedBy(VerificationKey key) =>
        StrictJson.TextOf(Header, "alg") == key.Algorithm && key.Verify(_signed, _signature);

    /// <summary>RFC 7519 section 4.1.3: one audience as a text, or several as a list.</summary>
    public IReadOnlyList<string> Audiences() => !Claims.TryGetProperty("aud", out var audience) ? [] : audience.ValueKind switch
    {
        JsonValueKind.String => [audience.GetString()!],
        JsonValueKind.Array => [.. audience.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)],
        _ => [],
    };

    private static JsonElement? ReadPart(ReadOnlySpan<char> part) => Decode(part) is { } bytes ? StrictJson.ReadObject(bytes) : null;

    private static byte[]? Decode(ReadOnlySpan<char> part) =>
        !part.ContainsAny('=', ' ', '\n') && Base64Url.IsValid(part) ? Base64Url.DecodeFromChars(part) : null;
}
