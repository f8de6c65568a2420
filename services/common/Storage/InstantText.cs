using System.Globalization;

namespace Pltfrms.Iam.Common.Storage;

/// <summary>Instants as fixed-width UTC text with microseconds, so that they sort: in SQLite's columns, in hash chains and in their exports.</summary>
public static class InstantText
{
    private const string Format = "yyyy-MM-ddTHH:mm:ss.ffffffZ";

    public static string Write(DateTimeOffset instant) => instant.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <exception cref="FormatException">It is not as <see cref="Write"/> makes it.</exception>
    public static DateTimeOffset Read(string text) =>
        DateTimeOffset.ParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
