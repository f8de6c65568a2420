using System.Buffers;

namespace Pltfrms.Iam.RealmAdmin.Documents;

/// <summary>What is wrong with an image; null: nothing.</summary>
internal static class Images
{
    private const int MostBytes = 32 * 1024;

    private static readonly (string Prefix, byte[][] Signatures)[] Kinds =
    [
        ("data:image/png;base64,", [[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]]),
        ("data:image/jpeg;base64,", [[0xFF, 0xD8, 0xFF]]),
        ("data:image/webp;base64,", [[0x52, 0x49, 0x46, 0x46]]),
    ];

    /// <remarks>No SVG: it can hold scripts and refer to other places. The bytes must begin as the type says.</remarks>
    public static string? LogoViolation(string text)
    {
        var kind = Array.Find(Kinds, kind => text.StartsWith(kind.Prefix, StringComparison.Ordinal));
        if (kind.Prefix is null)
        {
            return "must be a data: URI of a PNG, JPEG or WebP image in base64";
        }

        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64Chars(text.AsSpan(kind.Prefix.Length), bytes, out var length) || text.AsSpan().ContainsAny(Blanks))
        {
            return "must be base64 after the comma";
        }

        if (length > MostBytes)
        {
            return "must be an image of 32 KiB at the most";
        }

        return Array.Exists(kind.Signatures, signature => bytes.AsSpan(0, length).StartsWith(signature))
            ? null
            : "must be an image of the type that it says";
    }

    private static readonly SearchValues<char> Blanks = SearchValues.Create(" \t\r\n");
}
