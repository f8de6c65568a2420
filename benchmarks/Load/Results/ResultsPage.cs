using System.Globalization;
using System.Text;

namespace Benchmarks.Load.Results;

/// <summary>The figures as a markdown page.</summary>
internal static class ResultsPage
{
    private const string LineHeader = """
        | server | load by | req/s | p50 ms | p99 ms | server CPU µs/req | database CPU µs/req | generator CPU µs/req | allocated bytes/req | others' CPU | memory MiB | errors |
        |---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
        """;

    public static string Write(IReadOnlyList<Figure> figures, string engine, IReadOnlyList<string> plots)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"# Results on {engine}\n\nWritten by `benchmarks/run.sh`; [what is compared and how](../README.md).\n");
        foreach (var plot in plots)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n![{(plot.Contains("aims", StringComparison.Ordinal) ? "What was reached of each aim" : "CPU time per request")}]({plot})\n");
        }

        page.Append("\n## Aims\n\n");
        WriteAims(page, figures);
        foreach (var figure in figures)
        {
            Write(page, figure);
        }

        return page.ToString();
    }

    /// <summary>What goes to the terminal when a figure is done.</summary>
    public static string Write(Figure figure)
    {
        var text = new StringBuilder();
        Write(text, figure);
        if (figure.Aims.Count > 0)
        {
            text.Append('\n');
            WriteAims(text, [figure]);
        }

        return text.ToString();
    }

    private static void WriteAims(StringBuilder page, IEnumerable<Figure> figures)
    {
        page.Append("| figure | aim | reached | | |\n|---|---:|---:|---|---|\n");
        foreach (var aim in figures.SelectMany(figure => figure.Aims))
        {
            var sign = aim.IsCeiling ? "≤" : "≥";
            var reached = aim.Value is { } value ? $"**{Number(value)} {aim.Unit}**" : "–";
            var met = aim.IsMet switch { true => "met", false => "falls short", null => "" };
            page.Append(CultureInfo.InvariantCulture, $"| {aim.Text} | {sign} {Number(aim.Aim)} {aim.Unit} | {reached} | {met} | {Cell(aim.Remark)} |\n");
        }
    }

    private static void Write(StringBuilder page, Figure figure)
    {
        page.Append(CultureInfo.InvariantCulture, $"\n## {figure.Heading}\n\n{figure.MeasuredAt:yyyy-MM-dd HH:mm} UTC, {figure.Commit}, {figure.Conditions}: `{figure.Command}`\n\n");
        if (figure.Lines.Count > 0)
        {
            page.Append(LineHeader).Append('\n');
        }

        foreach (var line in figure.Lines)
        {
            var name = line.Role switch { Role.Product => $"**{line.Name}**", Role.Floor => $"floor: {line.Name}", _ => line.Name };
            page.Append(
                CultureInfo.InvariantCulture,
                $"| {name} | {line.Generator} | {line.PerSecond:N0} | {line.P50:0.00} | {line.P99:0.00} | {line.ServerCpu:0.0} | {line.DatabaseCpu:0.0} | {line.GeneratorCpu:0.0} | {Bytes(line.AllocatedBytes)} | {line.Others:P0} | {line.ResidentMebibytes:0} | {line.Errors} |\n");
        }

        if (figure.Table is { } table)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", table.Columns)} |\n|{string.Concat(table.Columns.Select((_, i) => i == 0 ? "---|" : "---:|"))}\n");
            foreach (var row in table.Rows)
            {
                page.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row)} |\n");
            }
        }

        foreach (var note in figure.Notes)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n{note}\n");
        }
    }

    private static string Bytes(double? allocated) => allocated is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"{bytes:N0}") : "–";

    private static string Cell(string text) => text.Replace('|', '/');

    public static string Number(double value) => value switch
    {
        0 => "0",
        >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{value / 1_000_000:0.00} M"),
        >= 100 => string.Create(CultureInfo.InvariantCulture, $"{value:N0}"),
        >= 10 => string.Create(CultureInfo.InvariantCulture, $"{value:0.0}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value:0.00}"),
    };
}
