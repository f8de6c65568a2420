using System.Text.RegularExpressions;

namespace Architecture.Tests;

/// <summary>docs/security.md names tests: they are there, and no line is without one.</summary>
public sealed partial class SecurityTableTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "security.md"));

    private static readonly ILookup<string, string> Tests = Repository.Files("tests", "*.cs").ToLookup(
        file => Path.GetFileNameWithoutExtension(file.Path), file => File.ReadAllText(Path.Combine(Repository.Root, file.Path)));

    [Fact]
    public void Every_test_that_a_rule_names_is_there() => Expect.None(
        "name a test that attacks the rule, or write it",
        from rule in Rules()
        from name in rule.Tests
        where !Exists(name)
        select $"{rule.Text}: {name}");

    [Fact]
    public void Every_rule_names_a_test() => Expect.None(
        "a rule that nothing attacks is a wish", from rule in Rules() where rule.Tests.Count == 0 select rule.Text);

    [Fact]
    public void Every_test_that_a_conformance_report_names_is_there() => Expect.None(
        "name a test that enforces the rule, or write it",
        from file in Repository.Files("services/token/Conformance", "*.cs")
        from Match match in Named().Matches(File.ReadAllText(Path.Combine(Repository.Root, file.Path)))
        where !Exists(match.Groups[1].Value)
        select $"{file.Path}: {match.Groups[1].Value}");

    [Fact]
    public void Rules_are_found() => Assert.InRange(Rules().Count(), 40, 400);

    private static bool Exists(string name) => name.Split('.') is [var type, var method]
        && Tests[type].Any(text => Regex.IsMatch(text, $@"\[(Storage|Node|Browser)?(Fact|Theory)(?:(?!;\s*\n)[\s\S])*?public (async )?(Task|void) {method}\(", RegexOptions.Singleline));

    private static IEnumerable<(string Text, List<string> Tests)> Rules() =>
        from line in Lines
        where line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| rule |", StringComparison.Ordinal) && !line.StartsWith("| ---", StringComparison.Ordinal)
        let cells = line.Split('|')
        select (cells[1].Trim(), Names().Matches(cells[^2]).Select(match => match.Groups[1].Value).ToList());

    [GeneratedRegex("\"([A-Za-z0-9]+(?:Tests|Contract)\\.[A-Za-z0-9_]+)\"")]
    private static partial Regex Named();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Names();
}
