using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Pltfrms.Iam.Token.Tokens;

/// <summary>A token's SHA-256: stands for the token where the token itself must not be kept.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct TokenHash(ulong A, ulong B, ulong C, ulong D)
{
    public static TokenHash Of(ReadOnlySpan<byte> token)
    {
        Span<TokenHash> hash = stackalloc TokenHash[1];
        SHA256.HashData(token, MemoryMarshal.AsBytes(hash));
        return hash[0];
    }

    /// <summary>The bits are random already.</summary>
    public override int GetHashCode() => (int)A;
}
