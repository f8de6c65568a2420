using System.Globalization;

namespace Pltfrms.Iam.RealmAdmin.Documents;

/// <summary>What a text must look like.</summary>
/// <param name="longest">In characters.</param>
/// <param name="check">What is wrong with a text that is neither empty nor too long; null: nothing.</param>
public sealed class TextRule(int longest, Func<string, string?> check)
{
    public static TextRule Matching(int longest, Func<string, bool> holds, string otherwise) =>
        new(longest, text => holds(text) ? null : otherwise);

    /// <summary>What is wrong, as the end of a sentence that begins with the field; null: nothing.</summary>
    public string? Violation(string text) => text.Length switch
    {
        0 => "must not be empty",
        _ when text.Length > longest => string.Create(CultureInfo.InvariantCulture, $"must be at most {longest} characters long"),
        _ => check(text),
    };
}
