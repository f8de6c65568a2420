namespace Pltfrms.Iam.Common.Scopes;

/// <summary>Lists and patterns of scope names; names are compared exactly (RFC 6749 section 3.3).</summary>
public static class ScopeNames
{
    /// <summary>A new list without the repetitions, in the order given.</summary>
    public static List<string> Distinct(IReadOnlyList<string> scopes)
    {
        var distinct = new List<string>(scopes.Count);
        AddNew(distinct, scopes);
        return distinct;
    }

    /// <summary>Adds those that are not yet in the list.</summary>
    public static void AddNew(List<string> scopes, IReadOnlyList<string> additions)
    {
        for (var i = 0; i < additions.Count; i++)
        {
            if (!scopes.Contains(additions[i]))
            {
                scopes.Add(additions[i]);
            }
        }
    }

    /// <summary>Whether one of the names or patterns fits.</summary>
    public static bool MatchAny(ValueList<string> patterns, string scope)
    {
        foreach (var pattern in patterns)
        {
            if (Matches(pattern, scope))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a name fits a pattern in which <c>*</c> stands for any characters. Linear: a mismatch goes back to the last star only.</summary>
    public static bool Matches(string pattern, string scope)
    {
        int p = 0, s = 0, star = -1, resumeAt = 0;
        while (s < scope.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resumeAt = s;
            }
            else if (p < pattern.Length && pattern[p] == scope[s])
            {
                p++;
                s++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                s = ++resumeAt;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }
}
