using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>The application/x-www-form-urlencoded decoding (RFC 6749 appendix B), without the usual leniency.</summary>
public static class FormDecoding
{
    /// <summary>False for a percent sign without two hexadecimal digits, for what is not UTF-8, and for NUL.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out string? text)
    {
        var rented = ArrayPool<byte>.Shared.Rent(Math.Max(encoded.Length, 1));
        var length = Unescape(encoded, rented);
        var decoded = rented.AsSpan(0, Math.Max(length, 0));
        text = length >= 0 && Utf8.IsValid(decoded) && !decoded.Contains((byte)0) ? Encoding.UTF8.GetString(decoded) : null;
        ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        return text is not null;
    }

    /// <summary>How many bytes came out; -1 where an escape is malformed.</summary>
    private static int Unescape(ReadOnlySpan<byte> encoded, Span<byte> decoded)
    {
        var written = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            var value = encoded[i];
            if (value == (byte)'+')
            {
                value = (byte)' ';
            }
            else if (value == (byte)'%')
            {
                if (i + 2 >= encoded.Length
                    || !byte.TryParse(encoded.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value))
                {
                    return -1;
                }

                i += 2;
            }

            decoded[written++] = value;
        }

        return written;
    }
}
