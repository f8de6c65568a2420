using System.Buffers;
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
    private volatile Common.Tokens.AccessToken? _latest;

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
        if (!JwtParts.TrySplit(token, out var parts))
        {
            return null;
        }
        if (current.Find(parts.Header) is not { } key)
        {
            keys.Want();
            return null;
        }
        Span<byte> signature = stackalloc byte[key.SignatureSize];
        if (!parts.TryDecodeSignature(signature) || !key.Verify(parts.Signed, signature))
        {
            return null;
        }
        if (parts.ReadClaims(key.KeyId, like: _latest) is not { } claims || claims.RealmId != realmId || claims.Issuer != current.Issuer)
        {
            return null;
        }
        _latest = claims;
        return new(claims, key);
    }
}
