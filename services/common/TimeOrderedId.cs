using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Pltfrms.Iam.Common;

/// <summary>Ids that sort by the millisecond they were made in: UUIDs of version 7 (RFC 9562 section 5.7) as 32 hexadecimal digits.</summary>
/// <remarks><c>Guid.CreateVersion7</c> asks the kernel for each of its random bits; these are drawn for many ids at once, and each is used once.</remarks>
public static class TimeOrderedId
{
    private const int Size = 16;
    private const int TimeSize = 6;
    private const int RandomSize = Size - TimeSize;
    private const int DrawnAtOnce = 100 * RandomSize;

    [ThreadStatic]
    private static byte[]? _random;

    [ThreadStatic]
    private static int _unused;

    /// <param name="now">What it says that it was made at.</param>
    public static string New(DateTimeOffset now)
    {
        Span<byte> id = stackalloc byte[Size];
        BinaryPrimitives.WriteInt64BigEndian(id, now.ToUnixTimeMilliseconds() << 16);
        Draw(id[TimeSize..]);
        id[6] = (byte)(0x70 | (id[6] & 0x0F));
        id[8] = (byte)(0x80 | (id[8] & 0x3F));
        return Convert.ToHexStringLower(id);
    }

    private static void Draw(Span<byte> random)
    {
        var drawn = _random ??= new byte[DrawnAtOnce];
        if (_unused == 0)
        {
            RandomNumberGenerator.Fill(drawn);
            _unused = drawn.Length;
        }

        _unused -= random.Length;
        var own = drawn.AsSpan(_unused, random.Length);
        own.CopyTo(random);
        own.Clear();
    }
}
