using System.Text.RegularExpressions;

namespace Architecture.Tests;

/// <summary>Words that the product's sources do without.</summary>
public sealed partial class SourceTests
{
    [Fact]
    public void The_sources_are_found()
    {
        Assert.True(Repository.Product.Count > 50);
        Assert.True(Repository.Migrations.Count >= 2);
        Assert.True(Repository.Protos.Count > 5);
    }

    [Fact]
    public void Time_comes_from_TimeProvider_only() =>
        Expect.None("inject TimeProvider", Repository.Product.SelectMany(file => file.Find(ClockOfItsOwn())));

    [Fact]
    public void Sql_does_not_ask_the_database_for_the_time() =>
        Expect.None("pass the time as a parameter", Repository.Product.Concat(Repository.Migrations).SelectMany(file => file.Find(ClockOfTheDatabase())));

    [Fact]
    public void Sql_names_its_columns() =>
        Expect.None("name the columns", Repository.Product.Concat(Repository.Migrations).SelectMany(file => file.Find(SelectStar())));

    [Fact]
    public void Sql_text_is_never_composed_at_run_time() =>
        Expect.None("SQL is a constant, values are parameters", Repository.Product.SelectMany(file => file.Find(InterpolatedSql())));

    [Fact]
    public void Log_messages_are_declared_in_Log_files() =>
        Expect.None(
            "declare a LoggerMessage in the feature's Log.cs",
            Repository.Product.SelectMany(file => file.Find(DirectLog()).Concat(file.Name == "Log.cs" ? [] : file.Find(LogDeclaration()))));

    /// <remarks>The suite's table of addresses is the answer of a command.</remarks>
    [Fact]
    public void Services_do_not_write_to_the_console() =>
        Expect.None(
            "log it",
            Repository.Product.Where(file => !file.Path.StartsWith("services/suite/", StringComparison.Ordinal)).SelectMany(file => file.Find(ConsoleOutput())));

    [Fact]
    public void Nothing_is_left_for_later() =>
        Expect.None("finish it, or open an issue", Repository.Product.Concat(Repository.Migrations).Concat(Repository.Protos).SelectMany(Unfinished));

    [Fact]
    public void Names_say_what_a_type_does() =>
        Expect.None("name it after what it does", Repository.Product.SelectMany(file => file.Find(EmptyName())));

    /// <remarks>Comments are where most of it hides.</remarks>
    private static IEnumerable<string> Unfinished(SourceFile file) =>
        from line in file.Lines.Index()
        where LeftForLater().IsMatch(line.Item)
        select $"{file}:{line.Index + 1}: {line.Item.Trim()}";

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException")]
    private static partial Regex LeftForLater();

    [GeneratedRegex(@"\bDateTime(Offset)?\.(UtcNow|Now|Today)\b|\bStopwatch\b|\bTickCount(64)?\b")]
    private static partial Regex ClockOfItsOwn();

    [GeneratedRegex(@"\bnow\s*\(\s*\)|\bcurrent_(timestamp|time|date)\b|\b(datetime|strftime|julianday|unixepoch)\s*\(|\b(clock|statement|transaction)_timestamp\s*\(", RegexOptions.IgnoreCase)]
    private static partial Regex ClockOfTheDatabase();

    [GeneratedRegex(@"\bselect\s+([a-z_]+\.)?\*|\breturning\s+\*", RegexOptions.IgnoreCase)]
    private static partial Regex SelectStar();

    [GeneratedRegex(@"(?<!\bconst string \w+ = )\$@?""+\s*(select|insert into|update|delete from)\s", RegexOptions.IgnoreCase)]
    private static partial Regex InterpolatedSql();

    [GeneratedRegex(@"\.Log(Trace|Debug|Information|Warning|Error|Critical)\(")]
    private static partial Regex DirectLog();

    [GeneratedRegex(@"\bConsole\.(Out\.)?Write")]
    private static partial Regex ConsoleOutput();

    [GeneratedRegex(@"\[LoggerMessage\b")]
    private static partial Regex LogDeclaration();

    [GeneratedRegex(@"\b(class|record|struct|interface)\s+\w*(Manager|Helper|Helpers|Util|Utils|Utility|Impl)\b")]
    private static partial Regex EmptyName();
}
