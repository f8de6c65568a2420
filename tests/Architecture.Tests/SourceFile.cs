using System.Text.RegularExpressions;

namespace Architecture.Tests;

/// <summary>One file of the repository.</summary>
/// <param name="Path">Relative to the repository, with forward slashes.</param>
internal sealed record SourceFile(string Path)
{
    public string Name => System.IO.Path.GetFileName(Path);

    public string Text { get; } = File.ReadAllText(System.IO.Path.Combine(Repository.Root, Path));

    public IReadOnlyList<string> Lines => Text.TrimEnd('\n').Split('\n');

    /// <summary><c>path:line: text</c> of every line in which the pattern occurs, comments not looked at.</summary>
    public IEnumerable<string> Find(Regex pattern) =>
        from numbered in Lines.Index()
        let code = Regex.Replace(numbered.Item, @"(^|\s)//.*$|^\s*--.*$", "")
        where pattern.IsMatch(code)
        select $"{Path}:{numbered.Index + 1}: {numbered.Item.Trim()}";

    public override string ToString() => Path;
}
