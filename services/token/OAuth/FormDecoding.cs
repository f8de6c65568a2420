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
        if (!encoded.ContainsAny((byte)'%', (byte)'+'))
        {
            return TryRead(encoded, out text);
        }

        var rented = ArrayPool<byte>.Shared.Rent(encoded.Length);
        var length = Unescape(encoded, rented);
        text = null;
        var isRead = length >= 0 && TryRead(rented.AsSpan(0, length), out text);
        ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        return isRead;
    }

    private static bool TryRead(ReadOnlySpan<byte> decoded, [NotNullWhen(true)] out string? text)
    {
        text = Utf8.IsValid(decoded) && !decoded.Contains((byte)0) ? Encoding.UTF8.GetString(decoded) : null;
        return text is not null;
    }

    /// <summary>How many bytes came out; -1 where an escape is malformed.</summary>
    private static int Unescape(ReadOnlySpan<byte> encoded, Span<byte> decoded)
    {
        var written = 0;
        while (true)
        {
            // All that is plain at once: byte by byte, a token's decoding took a sixth of its introspection.
            var plain = encoded.IndexOfAny((byte)'%', (byte)'+') is >= 0 and var special ? encoded[..special] : encoded;
            plain.CopyTo(decoded[written..]);
            written += plain.Length;
            encoded = encoded[plain.Length..];
            if (encoded.IsEmpty)
            {
                return written;
            }

            var size = encoded[0] == (byte)'+' ? 1 : 3;
            if (!TryUnescape(encoded, out decoded[written++]))
            {
                return -1;
            }

            encoded = encoded[size..];
        }
    }

    private static bool TryUnescape(ReadOnlySpan<byte> escape, out byte value)
    {
        value = (byte)' ';
        return escape[0] == (byte)'+'
            || (escape.Length >= 3 && byte.TryParse(escape.Slice(1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value));
    }
}
