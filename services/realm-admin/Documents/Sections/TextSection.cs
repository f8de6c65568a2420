using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.RealmAdmin.Documents.Sections;

/// <summary><c>texts</c> of permissions and scopes, by language.</summary>
internal static class TextSection
{
    private const int MostLanguages = 50;

    public static ValueList<ScopeText> Read(Fields fields)
    {
        HashSet<string> languages = new(StringComparer.OrdinalIgnoreCase);
        var texts = fields.Entries(
            "texts",
            (language, text) =>
            {
                if (Rules.Language.Violation(language) is { } violation)
                {
                    fields.Error($"texts.{language}", violation);
                }
                else if (!languages.Add(language))
                {
                    fields.Error($"texts.{language}", "is the same language as another");
                }

                return new ScopeText
                {
                    Language = language,
                    Title = text.RequiredText("title", Rules.Title) ?? "",
                    Description = text.Text("description", Rules.Description) ?? "",
                };
            },
            MostLanguages);
        return texts.OrderBy(text => text.Language, StringComparer.Ordinal).ToValueList();
    }
}
