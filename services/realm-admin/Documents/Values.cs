using System.Globalization;
using System.Text.RegularExpressions;

namespace Pltfrms.Iam.RealmAdmin.Documents;

/// <summary>Durations and times as documents write them.</summary>
internal static partial class Values
{
    /// <summary>The longest duration that a key takes unless it says otherwise.</summary>
    public static readonly TimeSpan UsualLongest = TimeSpan.FromDays(1);

    private static readonly (string Unit, long Seconds)[] Units = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)];

    /// <summary>A whole number and a unit; null: no duration, or longer than <paramref name="longest"/>.</summary>
    public static TimeSpan? Duration(string text, TimeSpan longest)
    {
        if (DurationPattern().Match(text) is not { Success: true } match)
        {
            return null;
        }

        var seconds = Units.Single(unit => unit.Unit == match.Groups[2].Value).Seconds;
        var duration = TimeSpan.FromSeconds(seconds * long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
        return duration <= longest ? duration : null;
    }

    /// <summary>In the largest unit that leaves a whole number.</summary>
    public static string Write(TimeSpan duration)
    {
        var seconds = (long)duration.TotalSeconds;
        var unit = Units.First(unit => seconds % unit.Seconds == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / unit.Seconds}{unit.Unit}");
    }

    /// <summary>RFC 3339, down to the microsecond that the databases keep; null: no time.</summary>
    public static DateTimeOffset? Instant(string text)
    {
        if (!InstantPattern().IsMatch(text)
            || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var instant))
        {
            return null;
        }

        return ToMicroseconds(instant);
    }

    /// <summary>What the databases give back of a time.</summary>
    public static DateTimeOffset ToMicroseconds(DateTimeOffset instant) =>
        new(instant.UtcTicks - instant.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    public static string Write(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A([1-9][0-9]{0,8})([smhd])\z")]
    private static partial Regex DurationPattern();

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[-+][0-9]{2}:[0-9]{2})\z")]
    private static partial Regex InstantPattern();
}
