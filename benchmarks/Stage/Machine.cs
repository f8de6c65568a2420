using System.Runtime.InteropServices;

namespace Benchmarks.Stage;

/// <summary>What the benchmarks ran on.</summary>
public static class Machine
{
    public static string Description { get; } =
        $"{Environment.ProcessorCount} cores, {Model()}, Linux {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}, {RuntimeInformation.FrameworkDescription}";

    private static string Model() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[1].Trim() ?? "unknown processor";
}
