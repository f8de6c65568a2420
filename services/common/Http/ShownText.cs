using System.Globalization;
using System.Text;

namespace Pltfrms.Iam.Common.Http;

/// <summary>Makes names and texts of others harmless to look at.</summary>
public static class ShownText
{
    // Scripts of South Asia and emoji need them.
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;

    /// <summary>
    /// Without characters that are not seen but change what is: overrides of the writing direction (Unicode TR36 section 2.5), tags, marks and
    /// controls. Line breaks become spaces.
    /// </summary>
    public static string Clean(string text)
    {
        if (Ascii.IsValid(text) && !text.AsSpan().ContainsAnyInRange('\0', '\x1f') && !text.Contains('\x7f', StringComparison.Ordinal))
        {
            return text;
        }

        var cleaned = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.Format when rune.Value is not (ZeroWidthJoiner or ZeroWidthNonJoiner):
                    break;
                case UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator:
                    cleaned.Append(' ');
                    break;
                default:
                    cleaned.Append(rune.ToString());
                    break;
            }
        }

        return cleaned.ToString();
    }
}
