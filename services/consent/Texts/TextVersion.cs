using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Consent.Texts;

/// <summary>
/// Tells whether a text changed in substance: the SHA-256 of its words. Upper and lower case, spaces and punctuation do not count;
/// a comma or point between digits does, for it changes a number.
/// </summary>
public static class TextVersion
{
    /// <param name="scope">The technical name, which is what was shown where there is no text.</param>
    /// <param name="text">What was shown; null: no text.</param>
    public static string Of(string scope, ScopeText? text)
    {
        var words = text is null ? $"scope\n{scope}" : $"text\n{Words(text.Title)}\n{Words(text.Description)}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(words)));
    }

    private static string Words(string text)
    {
        var lower = text.ToLowerInvariant();
        var words = new StringBuilder(lower.Length);
        for (var i = 0; i < lower.Length; i++)
        {
            var c = lower[i];
            if (!IsSeparator(c) || (i > 0 && i + 1 < lower.Length && char.IsAsciiDigit(lower[i - 1]) && char.IsAsciiDigit(lower[i + 1])))
            {
                words.Append(c);
            }
            else if (words.Length > 0 && words[^1] != ' ')
            {
                words.Append(' ');
            }
        }

        return words.ToString().TrimEnd(' ');
    }

    private static bool IsSeparator(char c) =>
        char.IsWhiteSpace(c) || char.IsPunctuation(c) || char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format;
}
