using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Pltfrms.Iam.Common.Http;
using Pltfrms.Iam.Common.Jose;

namespace Pltfrms.Iam.Common.Authentication;

/// <summary>Reads parts of a JWS in compact serialization (RFC 7515 section 7.1), without believing any of it.</summary>
internal static class CompactJws
{
    private const int MaxHeaderLength = 512;

    /// <summary>
    /// The <c>typ</c> of the protected header; null where this is no JWS. It is asked of every call's credential, and so reads nothing
    /// but the header and builds no document.
    /// </summary>
    public static string? TypeOf(string token)
    {
        var end = token.IndexOf('.', StringComparison.Ordinal);
        Span<byte> header = stackalloc byte[MaxHeaderLength];
        if (end is < 1 or > MaxHeaderLength
            || Base64Url.DecodeFromChars(token.AsSpan(0, end), header, out _, out var length) != OperationStatus.Done)
        {
            return null;
        }

        try
        {
            return ReadType(header[..length]);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The realm that the token's issuer names; null where it names none.</summary>
    public static string? RealmOf(string token)
    {
        if (Payload(token) is not { } payload || StringOf(payload, "iss") is not { } issuer)
        {
            return null;
        }

        var start = issuer.LastIndexOf(RealmRoute.Prefix, StringComparison.Ordinal);
        return start < 0 ? null : issuer[(start + RealmRoute.Prefix.Length)..];
    }

    public static JsonElement? Payload(string token) => ReadPart(token, 1);

    public static string? StringOf(JsonElement json, string name) => StrictJson.TextOf(json, name);

    /// <summary>The subjects of the nested <c>act</c> claims, the outermost first (RFC 8693 section 4.1).</summary>
    public static ValueList<string> ActorsOf(JsonElement claims)
    {
        List<string> actors = [];
        while (claims.TryGetProperty("act", out var actor) && actor.ValueKind == JsonValueKind.Object)
        {
            actors.Add(StringOf(actor, "sub") ?? "");
            claims = actor;
        }

        return [.. actors];
    }

    /// <summary>One part as a JSON object; null where it is not one.</summary>
    public static JsonElement? ReadPart(string token, int index)
    {
        var parts = token.Split('.');
        return parts.Length == 3 && Decode(parts[index]) is { } bytes ? StrictJson.ReadObject(bytes) : null;
    }

    /// <summary>Decodes base64url; null where it is not.</summary>
    public static byte[]? Decode(string part)
    {
        try
        {
            return part.Contains('=', StringComparison.Ordinal) ? null : Base64Url.DecodeFromChars(part);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    private static string? ReadType(ReadOnlySpan<byte> header)
    {
        var reader = new Utf8JsonReader(header);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("typ"u8);
            reader.Read();
            if (isType)
            {
                return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            }

            reader.Skip();
        }

        return null;
    }
}
