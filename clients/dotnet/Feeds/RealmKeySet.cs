using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace Pltfrms.Iam.Client.Feeds;

/// <summary>The realm's keys as it published them last, and whose issuer it is.</summary>
internal sealed class RealmKeySet(string issuer, IReadOnlyList<RealmKey> keys)
{
    private const int MaxHeaderSize = 1024;
    private const string AccessTokenType = "at+jwt";

    public string Issuer => issuer;

    public IReadOnlyList<RealmKey> Keys => keys;

    /// <summary>The key that a token's first part names, with its algorithm and for an access token; null: none that is known here.</summary>
    public RealmKey? Find(ReadOnlySpan<byte> encodedHeader)
    {
        for (var i = 0; i < keys.Count; i++)
        {
            if (keys[i].HasHeader(encodedHeader))
            {
                return keys[i];
            }
        }
        return Read(encodedHeader);
    }

    private RealmKey? Read(ReadOnlySpan<byte> encodedHeader)
    {
        Span<byte> header = stackalloc byte[MaxHeaderSize];
        if (encodedHeader.Length > MaxHeaderSize || Base64Url.DecodeFromUtf8(encodedHeader, header, out _, out var size) != OperationStatus.Done)
        {
            return null;
        }
        var (algorithm, type, keyId) = Members(header[..size]);
        var key = type == AccessTokenType ? keys.FirstOrDefault(key => key.KeyId == keyId && key.Algorithm == algorithm) : null;
        key?.KnowHeader(encodedHeader);
        return key;
    }

    /// <summary>Only what tokens of ours have: a member that nobody knows, such as <c>crit</c>, is for the token service to judge.</summary>
    private static (string? Algorithm, string? Type, string? KeyId) Members(ReadOnlySpan<byte> header)
    {
        (string? Algorithm, string? Type, string? KeyId) found = default;
        try
        {
            var reader = new Utf8JsonReader(header);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString();
                reader.Read();
                switch (name)
                {
                    case "alg" when found.Algorithm is null: found.Algorithm = reader.GetString(); break;
                    case "typ" when found.Type is null: found.Type = reader.GetString(); break;
                    case "kid" when found.KeyId is null: found.KeyId = reader.GetString(); break;
                    default: return default;
                }
            }
            return reader.TokenType == JsonTokenType.EndObject && reader.BytesConsumed == header.Length ? found : default;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return default;
        }
    }
}
