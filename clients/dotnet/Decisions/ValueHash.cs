using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Pltfrms.Iam.Client.Decisions;

/// <summary>The SHA-256 of a token or id: what caches know it by, so that they hold no token.</summary>
internal readonly record struct ValueHash(ulong A, ulong B, ulong C, ulong D)
{
    public static ValueHash Of(string value)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var length = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (length <= 2048)
        {
            Span<byte> bytes = stackalloc byte[2048];
            SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(value, bytes)], hash);
        }
        else
        {
            SHA256.HashData(Encoding.UTF8.GetBytes(value), hash);
        }
        var parts = MemoryMarshal.Cast<byte, ulong>(hash);
        return new(parts[0], parts[1], parts[2], parts[3]);
    }

    /// <summary>Nothing: not even of a hash is there anything to read in a log.</summary>
    public override string ToString() => nameof(ValueHash);
}
