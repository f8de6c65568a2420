using System.Globalization;

namespace Pltfrms.Iam.RealmAdmin.Plans;

/// <summary>Names in a sentence: the first few, and how many more there are.</summary>
internal static class Listing
{
    private const int Most = 5;

    /// <summary><c>'a', 'b' and 7 more</c>.</summary>
    public static string Of(IEnumerable<string> ids) => Shortened([.. ids.Select(id => $"'{id}'")]);

    /// <summary>The same without quotes, for names that cannot be taken for words.</summary>
    public static string Plain(IEnumerable<string> names) => Shortened([.. names]);

    /// <summary>All of them: <c>a, b and c</c>.</summary>
    public static string All(IReadOnlyList<string> words) =>
        words.Count < 2 ? string.Concat(words) : $"{string.Join(", ", words.SkipLast(1))} and {words[^1]}";

    private static string Shortened(List<string> words) => All(
        words.Count <= Most ? words : [.. words.Take(Most), string.Create(CultureInfo.InvariantCulture, $"{words.Count - Most} more")]);

    /// <summary><c>1 user</c>, <c>2 users</c>.</summary>
    public static string Count(long number, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {noun}{(number == 1 ? "" : "s")}");
}
