using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace Pltfrms.Iam.Consent.Pages;

/// <summary>Chooses among the languages that the pages are written in.</summary>
public static class PageTexts
{
    private const int MaxLocales = 16;
    private const int MaxLocaleLength = 35;

    public static IReadOnlyList<PageText> All { get; } = [EnglishText.Text, GermanText.Text];

    /// <summary>The first language that the pages have, a language without its region counting too (RFC 4647 section 3.4); else English.</summary>
    public static PageText For(IEnumerable<string> locales) =>
        locales.Select(Find).FirstOrDefault(text => text is not null) ?? EnglishText.Text;

    /// <summary>The languages of an Accept-Language header, best first (RFC 9110 section 12.5.4).</summary>
    public static IReadOnlyList<string> Accepted(HttpRequest request) =>
        StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptLanguage, out var languages)
            ? [.. languages.Where(l => l.Quality != 0 && l.Value != "*").OrderByDescending(l => l.Quality ?? 1).Select(l => l.Value.ToString()).Where(IsLocale).Take(MaxLocales)]
            : [];

    /// <summary>The languages of a <c>ui_locales</c> parameter (OpenID Connect Core section 3.1.2.1).</summary>
    public static IReadOnlyList<string> Asked(HttpRequest request) => request.Query["ui_locales"] is [{ } locales]
        ? [.. locales.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(IsLocale).Take(MaxLocales)]
        : [];

    public static string Time(this PageText text, DateTimeOffset time) =>
        time.ToUniversalTime().ToString(text.TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>A duration in its largest whole unit: 3600 s is "1 hour", 5400 s is "90 minutes".</summary>
    public static string Duration(this PageText text, TimeSpan duration)
    {
        var seconds = (long)duration.TotalSeconds;
        var (unit, words) = seconds switch
        {
            _ when seconds > 0 && seconds % 86400 == 0 => (86400, text.Durations.Days),
            _ when seconds > 0 && seconds % 3600 == 0 => (3600, text.Durations.Hours),
            _ when seconds > 0 && seconds % 60 == 0 => (60, text.Durations.Minutes),
            _ => (1, text.Durations.Seconds),
        };
        var count = seconds / unit;
        return count == 1 ? words.One : words.Many.Replace("{0}", count.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    private static PageText? Find(string locale)
    {
        var end = locale.IndexOf('-', StringComparison.Ordinal);
        var language = end < 0 ? locale : locale[..end];
        return All.FirstOrDefault(text => text.Language.Equals(language, StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsLocale(string locale) =>
        locale.Length is > 0 and <= MaxLocaleLength && locale.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
