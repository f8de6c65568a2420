using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Pltfrms.Iam.Client.Feeds;
using Pltfrms.Iam.Common.Tokens;

namespace Pltfrms.Iam.Client.Local;

/// <summary>Tells what a text is as an access token of the realm (RFC 9068 section 4, RFC 8725), once for each.</summary>
internal sealed class LocalTokens(KeySource keys, string realmId, int capacity)
{
    /// <summary>No token of ours comes near it.</summary>
    private const int MaxSize = 16 * 1024;

    private const int StackSize = 2048;

    private readonly TokenMemory _memory = new(capacity);

    /// <summary>The next are likely to share most of its texts.</summary>
    private Common.Tokens.AccessToken? _latest;

    /// <summary>The token. Null, and it is not for this side to say what it is: opaque, of an unknown key, of another issuer or not a token at all.</summary>
    public KnownToken? Find(string token)
    {
        if (_memory.Find(token) is { } known)
        {
            return known.Key.IsCurrent ? known : null;
        }
        return token.Length <= MaxSize && Ascii.IsValid(token) ? Verify(token) : null;
    }

    private KnownToken? Verify(string token)
    {
        if (keys.Current is not { } current)
        {
            return null;
        }
        byte[]? rented = null;
        var bytes = token.Length <= StackSize ? stackalloc byte[StackSize] : rented = ArrayPool<byte>.Shared.Rent(token.Length);
        var verified = Parse(current, bytes[..Encoding.ASCII.GetBytes(token, bytes)]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
        if (verified is not null)
        {
            _memory.Add(token, verified);
        }
        return verified;
    }

    /// <summary>Header, signature, and only then the claims.</summary>
    private KnownToken? Parse(RealmKeySet current, ReadOnlySpan<byte> token)
    {
        var first = token.IndexOf((byte)'.');
        var last = token.LastIndexOf((byte)'.');
        if (first < 0 || last == first || token[(first + 1)..last].Contains((byte)'.'))
        {
            return null;
        }
        if (current.Find(token[..first]) is not { } key)
        {
            keys.Want();
            return null;
        }
        Span<byte> signature = stackalloc byte[key.SignatureSize];
        if (!IsDecoded(token[(last + 1)..], signature) || !key.Verify(token[..last], signature))
        {
            return null;
        }
        if (Claims(token[(first + 1)..last], key) is not { } claims || claims.RealmId != realmId || claims.Issuer != current.Issuer)
        {
            return null;
        }
        Volatile.Write(ref _latest, claims);
        return new(claims, key);
    }

    private Common.Tokens.AccessToken? Claims(ReadOnlySpan<byte> encoded, RealmKey key)
    {
        var payload = ArrayPool<byte>.Shared.Rent(Base64Url.GetMaxDecodedLength(encoded.Length));
        var claims = Base64Url.DecodeFromUtf8(encoded, payload, out _, out var size) == OperationStatus.Done
            ? AccessTokenJson.Read(payload.AsSpan(0, size), key.KeyId, like: Volatile.Read(ref _latest))
            : null;
        ArrayPool<byte>.Shared.Return(payload);
        return claims;
    }

    private static bool IsDecoded(ReadOnlySpan<byte> encoded, Span<byte> signature) =>
        encoded.Length == Base64Url.GetEncodedLength(signature.Length)
        && Base64Url.DecodeFromUtf8(encoded, signature, out _, out var size) == OperationStatus.Done
        && size == signature.Length;
}
