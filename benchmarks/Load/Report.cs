using System.Globalization;
using System.Runtime.InteropServices;

namespace Benchmarks.Load;

/// <summary>Measurements as a markdown table: medians over the rounds, and ratios of the medians.</summary>
internal sealed class Report(TextWriter output)
{
    public void Head(Settings settings)
    {
        output.WriteLine(Text($"""
            {Environment.ProcessorCount} cores, {Model()}, Linux {Kernel()}, {RuntimeInformation.FrameworkDescription}, {settings.Rounds} rounds of {settings.Measure.TotalSeconds} s

            | call | req/s | p50 ms | p99 ms | server CPU µs/req | generator CPU µs/req | others' CPU | errors | req/s, ratio to floor | CPU, floor's ratio to it |
            |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|
            """));
        output.Flush();
    }

    public void Row(Comparison comparison, Measurement[] floor, Measurement[] product)
    {
        Line($"floor: {comparison.Floor.Name}", floor, "", "");
        Line(
            $"**{comparison.Name}**",
            product,
            Text($"**{Median(product, m => m.PerSecond) / Median(floor, m => m.PerSecond):0.00}**"),
            Text($"**{Median(floor, m => m.ServerCpu) / Median(product, m => m.ServerCpu):0.00}**"));
        output.Flush();
    }

    public void Foot(Settings settings) => output.WriteLine(Text(
        $"\nMemory after the load: suite {new ServerProcess(settings.SuitePid).ResidentMebibytes():0} MiB, floor {new ServerProcess(settings.FloorPid).ResidentMebibytes():0} MiB."));

    private void Line(string name, Measurement[] runs, string throughput, string cpu) => output.WriteLine(Text(
        $"| {name} | {Median(runs, m => m.PerSecond):N0} | {Median(runs, m => m.P50):0.00} | {Median(runs, m => m.P99):0.00} | {Median(runs, m => m.ServerCpu):0.0} | {Median(runs, m => m.GeneratorCpu):0.0} | {Median(runs, m => m.Others):P0} | {runs.Sum(m => m.Errors)} | {throughput} | {cpu} |"));

    private static double Median(Measurement[] runs, Func<Measurement, double> of)
    {
        var sorted = runs.Select(of).Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static string Model() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[1].Trim() ?? "unknown processor";

    private static string Kernel() => File.ReadAllText("/proc/sys/kernel/osrelease").Trim();

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
