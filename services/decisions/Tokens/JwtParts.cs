using System.Buffers;
using System.Buffers.Text;

namespace Pltfrms.Iam.Common.Tokens;

/// <summary>The three parts of a JWT in compact form (RFC 7515 section 7.1), encoded as they stand in it.</summary>
internal readonly ref struct JwtParts
{
    private readonly ReadOnlySpan<byte> _payload;
    private readonly ReadOnlySpan<byte> _signature;

    private JwtParts(ReadOnlySpan<byte> token, int first, int last)
    {
        Header = token[..first];
        Signed = token[..last];
        _payload = token[(first + 1)..last];
        _signature = token[(last + 1)..];
    }

    public ReadOnlySpan<byte> Header { get; }

    /// <summary>What the signature is of.</summary>
    public ReadOnlySpan<byte> Signed { get; }

    /// <summary>False where there are not three.</summary>
    public static bool TrySplit(ReadOnlySpan<byte> token, out JwtParts parts)
    {
        var first = token.IndexOf((byte)'.');
        var last = token.LastIndexOf((byte)'.');
        if (first < 0 || last == first || token[(first + 1)..last].Contains((byte)'.'))
        {
            parts = default;
            return false;
        }

        parts = new(token, first, last);
        return true;
    }

    /// <summary>False where it has another length, or is no base64url.</summary>
    public bool TryDecodeSignature(Span<byte> signature) =>
        _signature.Length == Base64Url.GetEncodedLength(signature.Length)
        && Base64Url.DecodeFromUtf8(_signature, signature, out _, out var written) == OperationStatus.Done
        && written == signature.Length;

    /// <summary>As <see cref="AccessTokenJson.Read"/>. Only of what has a good signature.</summary>
    public AccessToken? ReadClaims(string keyId, AccessToken? like = null)
    {
        var payload = ArrayPool<byte>.Shared.Rent(Base64Url.GetMaxDecodedLength(_payload.Length));
        var claims = Base64Url.DecodeFromUtf8(_payload, payload, out _, out var size) == OperationStatus.Done
            ? AccessTokenJson.Read(payload.AsSpan(0, size), keyId, like)
            : null;
        ArrayPool<byte>.Shared.Return(payload);
        return claims;
    }
}
