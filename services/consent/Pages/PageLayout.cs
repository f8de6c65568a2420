using System.Security.Cryptography;
using System.Text;
using Pltfrms.Iam.Common.Http;

namespace Pltfrms.Iam.Consent.Pages;

/// <summary>What all pages have around them.</summary>
public static class PageLayout
{
    private static readonly string Style = ReadStyle();

    /// <summary>The one style that a page may have (Content Security Policy Level 3 section 2.3.1, hash-source).</summary>
    public static string StyleSource { get; } = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'";

    /// <param name="text">The page's language.</param>
    /// <param name="title">What the browser's tab says.</param>
    /// <param name="realm">The realm's name for people; empty: not known.</param>
    /// <param name="main">What is in the page.</param>
    /// <param name="isWide">Whether it is a list rather than a question.</param>
    public static string Document(PageText text, string title, string realm, Html main, bool isWide = false) =>
        Html.Of($"""
            <!DOCTYPE html>
            <html lang="{text.Language}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex">
            <title>{title}</title>
            {Html.Inline("style", Style)}
            </head>
            <body class="{(isWide ? "wide" : "narrow")}">
            {Header(realm)}
            {main}
            <footer>
            <nav aria-label="{text.Languages}"><ul>{PageTexts.All.Select(other => LanguageLink(other, text))}</ul></nav>
            </footer>
            </body>
            </html>

            """).ToString();

    public static Html Time(PageText text, DateTimeOffset time) =>
        Html.Of($"""<time datetime="{ChallengeJson.Time(time)}">{text.Time(time)}</time>""");

    private static Html Header(string realm) =>
        realm.Length == 0 ? Html.Empty : Html.Of($"""<header class="realm"><bdi>{realm}</bdi></header>""");

    private static Html LanguageLink(PageText other, PageText current) => other.Language == current.Language
        ? Html.Of($"""<li><span lang="{other.Language}" aria-current="true">{other.LanguageName}</span></li>""")
        : Html.Of($"""<li><a href="?ui_locales={other.Language}" lang="{other.Language}" hreflang="{other.Language}">{other.LanguageName}</a></li>""");

    private static string ReadStyle()
    {
        using var stream = typeof(PageLayout).Assembly.GetManifestResourceStream("pages.css")!;
        using var reader = new StreamReader(stream);
        // A browser reads CR LF as LF and hashes that.
        return "\n" + reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
