using System.Globalization;
using System.Text;

namespace Pltfrms.Iam.Common.Storage;

/// <summary>Instants as fixed-width UTC text with microseconds, so that they sort: in SQLite's columns, in hash chains and in their exports.</summary>
public static class InstantText
{
    /// <summary>How many characters, which are bytes in UTF-8, any instant has.</summary>
    public const int Length = 27;

    private const string Format = "yyyy-MM-ddTHH:mm:ss.ffffffZ";

    public static string Write(DateTimeOffset instant)
    {
        Span<byte> text = stackalloc byte[Length];
        Write(instant, text);
        return Encoding.ASCII.GetString(text);
    }

    /// <summary>The same in UTF-8.</summary>
    /// <param name="instant">What to write.</param>
    /// <param name="text">Of <see cref="Length"/>.</param>
    public static void Write(DateTimeOffset instant, Span<byte> text)
    {
        // The round-trip format has one digit more, and is written without reading a pattern.
        Span<byte> written = stackalloc byte[Length + 1];
        instant.UtcDateTime.TryFormat(written, out _, "O", CultureInfo.InvariantCulture);
        written[..(Length - 1)].CopyTo(text);
        text[Length - 1] = (byte)'Z';
    }

    /// <exception cref="FormatException">It is not as <see cref="Write(DateTimeOffset)"/> makes it.</exception>
    public static DateTimeOffset Read(string text) =>
        DateTimeOffset.ParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
