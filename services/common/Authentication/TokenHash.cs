using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Pltfrms.Iam.Common.Authentication;

/// <summary>A token's SHA-256: by what it is remembered, so that no token lies in memory for as long as it could be presented.</summary>
public readonly record struct TokenHash
{
    private const int UsualSize = 1024;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly ulong _fourth;

    private TokenHash(ReadOnlySpan<ulong> hash) => (_first, _second, _third, _fourth) = (hash[0], hash[1], hash[2], hash[3]);

    public static TokenHash Of(string token)
    {
        Span<byte> bytes = token.Length <= UsualSize ? stackalloc byte[UsualSize] : [];
        Span<ulong> hash = stackalloc ulong[SHA256.HashSizeInBytes / sizeof(ulong)];
        // Tokens of ours are ASCII; whatever else somebody sends may be longer in UTF-8.
        var read = Encoding.UTF8.TryGetBytes(token, bytes, out var length) ? bytes[..length] : Encoding.UTF8.GetBytes(token);
        Sha256.Hash(read, MemoryMarshal.AsBytes(hash));
        return new(hash);
    }

    /// <summary>Whether both are of one text, in a time that says nothing about either.</summary>
    public static bool FixedTimeEquals(in TokenHash one, in TokenHash other) => FixedTime.Equals(BytesOf(in one), BytesOf(in other));

    public override int GetHashCode() => (int)_first;

    /// <summary>Nothing: a hash tells whether a guess at the token is right.</summary>
    public override string ToString() => nameof(TokenHash);

    private static ReadOnlySpan<byte> BytesOf(in TokenHash hash) => MemoryMarshal.AsBytes(new ReadOnlySpan<TokenHash>(in hash));
}
