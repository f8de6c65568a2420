using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Consent.Texts;

/// <summary>What users read about a scope; step 4 of the scope pipeline.</summary>
public static class ScopeTexts
{
    /// <summary>The texts of a bundled scope or of the permission that a scope is; none where the server has none.</summary>
    public static ValueList<ScopeText> Of(RealmSnapshot realm, string scope)
    {
        if (realm.FindBundledScope(scope) is { } bundle)
        {
            return bundle.Texts;
        }

        var permission = realm.FindDeclaringResourceServer(scope)?.Permissions.FirstOrDefault(permission => permission.Name == scope);
        return permission?.Texts ?? [];
    }

    /// <summary>The text in the language that the user likes best, else in the realm's, else any; null: there is none.</summary>
    public static ScopeText? Choose(ValueList<ScopeText> texts, IEnumerable<string> preferred, string defaultLanguage)
    {
        var language = LanguageTags.Lookup(preferred.Append(defaultLanguage), [.. texts.Select(text => text.Language)]);
        return texts.FirstOrDefault(text => text.Language == language) ?? (texts.Count > 0 ? texts[0] : null);
    }

    /// <summary>The text in exactly this language; null: it is not there.</summary>
    public static ScopeText? In(ValueList<ScopeText> texts, string language) =>
        texts.FirstOrDefault(text => text.Language.Equals(language, StringComparison.OrdinalIgnoreCase));
}
