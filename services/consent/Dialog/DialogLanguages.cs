using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Consent.Texts;

namespace Pltfrms.Iam.Consent.Dialog;

/// <summary>The languages that a dialog can be in: those of our own page, the realm's, and those of the texts.</summary>
internal static class DialogLanguages
{
    private static readonly string[] OfOurPage = ["en", "de"];

    public static string Choose(RealmSnapshot realm, Challenge challenge, IReadOnlyList<string> preferred) =>
        LanguageTags.Lookup(preferred, Available(realm, challenge)) ?? realm.Realm.ConsentSettings.DefaultLanguage;

    /// <summary>Whether a user interface can have shown the dialog in a language: any, where it has texts of its own for a scope.</summary>
    public static bool CanBeShown(RealmSnapshot realm, Challenge challenge, string language) =>
        LanguageTags.IsTag(language)
        && (challenge.Asked.Any(asked => asked.Texts.Count == 0) || LanguageTags.Lookup([language], Available(realm, challenge)) is not null);

    private static List<string> Available(RealmSnapshot realm, Challenge challenge) =>
    [
        .. challenge.Asked.SelectMany(asked => asked.Texts).Select(text => text.Language)
            .Append(realm.Realm.ConsentSettings.DefaultLanguage)
            .Concat(OfOurPage)
            .Distinct(StringComparer.OrdinalIgnoreCase),
    ];
}
