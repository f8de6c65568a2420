using System.Text;

namespace Pltfrms.Iam.Common.Certificates;

/// <summary>Reads a distinguished name part by part (RFC 4514 section 3).</summary>
internal sealed class DistinguishedNameText(string text)
{
    private const string Special = "\"+,;<>";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private int _at;

    public bool IsAtEnd => _at == text.Length;

    public bool Skip(char separator)
    {
        if (IsAtEnd || text[_at] != separator)
        {
            return false;
        }

        _at++;
        return true;
    }

    /// <summary>A type and its value; null: the value is malformed or empty.</summary>
    public (string Type, string? Value) ReadPart()
    {
        SkipSpaces();
        var equals = text.IndexOf('=', _at);
        if (equals < 0)
        {
            return ("", null);
        }

        var type = text[_at..equals].TrimEnd(' ');
        _at = equals + 1;
        SkipSpaces();
        return (type, !IsAtEnd && text[_at] == '#' ? ReadHex() : ReadText());
    }

    private void SkipSpaces()
    {
        while (!IsAtEnd && text[_at] == ' ')
        {
            _at++;
        }
    }

    /// <summary>Section 2.4: "an octothorpe character ('#' U+0023) followed by the hexadecimal representation of each of the octets of the BER encoding".</summary>
    private string? ReadHex()
    {
        var start = ++_at;
        while (!IsAtEnd && char.IsAsciiHexDigit(text[_at]))
        {
            _at++;
        }

        var length = _at - start;
        SkipSpaces();
        return length > 0 && length % 2 == 0 ? DistinguishedNames.ValueOf(Convert.FromHexString(text.AsSpan(start, length))) : null;
    }

    private string? ReadText()
    {
        List<byte> read = [];
        var escapedEnd = 0;
        while (!IsAtEnd && text[_at] is not ('+' or ',' or ';'))
        {
            var c = text[_at++];
            if (c == '\\')
            {
                if (!ReadEscaped(read))
                {
                    return null;
                }

                escapedEnd = read.Count;
            }
            else if (Special.Contains(c, StringComparison.Ordinal) || c == '\0')
            {
                return null;
            }
            else
            {
                _at--;
                ReadRune(read);
            }
        }

        // Spaces at the end belong to the text only where they are escaped.
        while (read.Count > escapedEnd && read[^1] == ' ')
        {
            read.RemoveAt(read.Count - 1);
        }

        return TextOf(read);
    }

    private void ReadRune(List<byte> read)
    {
        Span<byte> bytes = stackalloc byte[4];
        var rune = Rune.TryGetRuneAt(text, _at, out var valid) ? valid : Rune.ReplacementChar;
        _at += rune.Utf16SequenceLength;
        read.AddRange(bytes[..rune.EncodeToUtf8(bytes)]);
    }

    private bool ReadEscaped(List<byte> read)
    {
        if (IsAtEnd)
        {
            return false;
        }

        if (Special.Contains(text[_at], StringComparison.Ordinal) || text[_at] is ' ' or '#' or '=' or '\\')
        {
            read.Add((byte)text[_at++]);
            return true;
        }

        if (_at + 2 > text.Length || !char.IsAsciiHexDigit(text[_at]) || !char.IsAsciiHexDigit(text[_at + 1]))
        {
            return false;
        }

        read.Add(Convert.FromHexString(text.AsSpan(_at, 2))[0]);
        _at += 2;
        return true;
    }

    private static string? TextOf(List<byte> read)
    {
        try
        {
            return read.Count == 0 ? null : Strict.GetString([.. read]);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
