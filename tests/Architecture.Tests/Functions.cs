using System.Text.RegularExpressions;

namespace Architecture.Tests;

/// <summary>One function's body, measured from its opening to its closing brace.</summary>
/// <param name="Declaration">The first line of its declaration.</param>
/// <param name="Line">Where that line is.</param>
/// <param name="Lines">How many lines its body has, braces not counted.</param>
internal sealed record FunctionSize(string Declaration, int Line, int Lines);

/// <summary>
/// Finds functions by the layout that the build enforces: a member's braces stand alone, as deep as its declaration.
/// An expression body is measured where it is an initializer or a switch, which have braces too.
/// </summary>
internal static partial class Functions
{
    public static IEnumerable<FunctionSize> In(SourceFile file)
    {
        var lines = WithoutRawStrings(file.Text).Split('\n');
        for (var open = 0; open < lines.Length; open++)
        {
            if (OpeningBrace().Match(lines[open]) is not { Success: true } brace || Declaration(lines, open, brace.Groups[1].Value) is not { } start)
            {
                continue;
            }

            var close = Array.FindIndex(lines, open, line => line.StartsWith(brace.Groups[1].Value + "}", StringComparison.Ordinal));
            if (close > open)
            {
                yield return new FunctionSize(lines[start].Trim(), start + 1, close - open - 1);
            }
        }
    }

    /// <summary>Where the declaration that the brace belongs to begins; null where it is no member with a parameter list.</summary>
    private static int? Declaration(string[] lines, int open, string indent)
    {
        var start = open - 1;
        while (start > 0 && lines[start].StartsWith(indent + " ", StringComparison.Ordinal))
        {
            start--;
        }

        // A closing parenthesis of a parameter list may stand on a line of its own depth; members never do.
        return start >= 0 && Member().IsMatch(lines[start]) && !TypeDeclaration().IsMatch(lines[start]) ? start : null;
    }

    /// <summary>Blanks the lines of raw string literals, whose braces are text.</summary>
    private static string WithoutRawStrings(string text) =>
        RawString().Replace(text, match => new string('\n', match.Value.Count(character => character == '\n')));

    [GeneratedRegex(@"^((?: {4})+)\{$")]
    private static partial Regex OpeningBrace();

    [GeneratedRegex(@"^\s+(public|private|internal|protected|static|async|override|partial)\b.*\(")]
    private static partial Regex Member();

    [GeneratedRegex(@"\b(class|record|struct|interface|enum)\s+\w+")]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex("\"{3,}.*?\"{3,}", RegexOptions.Singleline)]
    private static partial Regex RawString();
}
