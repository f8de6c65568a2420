using System.Text.RegularExpressions;

namespace Pltfrms.Iam.Consent.Texts;

/// <summary>Chooses languages (RFC 4647 section 3.4, lookup).</summary>
public static partial class LanguageTags
{
    /// <summary>RFC 5646 section 2.1, as far as it can be told without the registry.</summary>
    public static bool IsTag(string text) => text.Length <= 35 && TagPattern().IsMatch(text);

    /// <summary>The first of the available tags that a preferred one, or what is left of it from the right, names; null: none.</summary>
    public static string? Lookup(IEnumerable<string> preferred, IReadOnlyCollection<string> available)
    {
        foreach (var range in preferred.Where(IsTag))
        {
            for (var wanted = range; wanted.Length > 0; wanted = wanted[..Math.Max(0, wanted.LastIndexOf('-'))])
            {
                if (available.FirstOrDefault(tag => tag.Equals(wanted, StringComparison.OrdinalIgnoreCase)) is { } found)
                {
                    return found;
                }
            }
        }

        return null;
    }

    [GeneratedRegex(@"\A[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*\z")]
    private static partial Regex TagPattern();
}
