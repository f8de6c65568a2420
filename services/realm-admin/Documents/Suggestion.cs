namespace Pltfrms.Iam.RealmAdmin.Documents;

/// <summary>"Did you mean": the known name that a wrong one was probably meant to be.</summary>
internal static class Suggestion
{
    private const int LongestName = 64;

    /// <summary>A half sentence to append, or nothing.</summary>
    public static string For(string wrong, IEnumerable<string> known)
    {
        if (wrong.Length is 0 or > LongestName)
        {
            return "";
        }

        var most = Math.Max(1, wrong.Length / 3);
        var best = known
            .Where(name => Math.Abs(name.Length - wrong.Length) <= most || name.EndsWith($":{wrong}", StringComparison.Ordinal))
            .Select(name => (Name: name, Distance: Distance(wrong, name)))
            .Where(candidate => candidate.Distance <= most)
            .OrderBy(candidate => candidate.Distance).ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        return best.Name is null ? "" : $"; did you mean '{best.Name}'?";
    }

    /// <summary>How many letters must be added, removed, replaced or swapped with their neighbour; a name that ends with <c>:wrong</c> is near.</summary>
    private static int Distance(string wrong, string name)
    {
        if (name.EndsWith($":{wrong}", StringComparison.Ordinal))
        {
            return 1;
        }

        var distances = new int[wrong.Length + 1, name.Length + 1];
        for (var i = 0; i <= wrong.Length; i++)
        {
            distances[i, 0] = i;
        }

        for (var j = 0; j <= name.Length; j++)
        {
            distances[0, j] = j;
        }

        for (var i = 1; i <= wrong.Length; i++)
        {
            for (var j = 1; j <= name.Length; j++)
            {
                var same = char.ToLowerInvariant(wrong[i - 1]) == char.ToLowerInvariant(name[j - 1]);
                var least = Math.Min(Math.Min(distances[i - 1, j], distances[i, j - 1]) + 1, distances[i - 1, j - 1] + (same ? 0 : 1));
                var swapped = i > 1 && j > 1 && wrong[i - 1] == name[j - 2] && wrong[i - 2] == name[j - 1];
                distances[i, j] = swapped ? Math.Min(least, distances[i - 2, j - 2] + 1) : least;
            }
        }

        return distances[wrong.Length, name.Length];
    }
}
