using System.Globalization;
using System.Xml.Linq;

namespace Benchmarks.Load.Results;

/// <summary>What a request costs each server, in groups of servers that do the same job; every group has its own scale.</summary>
internal static class CpuPlot
{
    public static XDocument? Of(IReadOnlyList<Figure> figures)
    {
        // What is held against itself at another size tells nothing here.
        var compared = figures.Where(figure => figure.Lines.Count > 0 && figure.Name is not ("scale" or "control-rest" or "control-grpc")).ToList();
        if (compared.Count == 0)
        {
            return null;
        }

        var plot = new BarPlot();
        foreach (var figure in compared)
        {
            plot.Heading($"{figure.Title}: CPU µs per request");
            var most = figure.Lines.Max(line => line.ServerCpu + line.DatabaseCpu);
            foreach (var line in figure.Lines)
            {
                var name = line.Role == Role.Floor ? $"floor: {line.Name}" : line.Name;
                plot.Bar(name, (line.ServerCpu + line.DatabaseCpu) / most, Value(line), line.Role == Role.Product ? BarPlot.Good : BarPlot.Other);
            }
        }

        return plot.Draw("CPU microseconds per request");
    }

    private static string Value(Line line) => line.DatabaseCpu < 0.05
        ? string.Create(CultureInfo.InvariantCulture, $"{line.ServerCpu:0.0}")
        : string.Create(CultureInfo.InvariantCulture, $"{line.ServerCpu:0.0} + {line.DatabaseCpu:0.0} database");
}
