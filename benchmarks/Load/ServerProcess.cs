using System.Globalization;

namespace Benchmarks.Load;

/// <summary>What a process and the machine have used, from /proc (proc(5)); ticks are hundredths of a second on Linux.</summary>
internal sealed class ServerProcess(int id)
{
    private const double MicrosecondsPerTick = 10_000;

    public double CpuMicroseconds() => OfProcess($"/proc/{id}/stat");

    public double ResidentMebibytes()
    {
        var line = File.ReadLines($"/proc/{id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    public static double OwnCpuMicroseconds() => OfProcess("/proc/self/stat");

    /// <summary>What all processes have used.</summary>
    public static double MachineCpuMicroseconds()
    {
        var fields = Fields(File.ReadLines("/proc/stat").First());
        // user, nice, system, irq, softirq
        return (fields[1] + fields[2] + fields[3] + fields[6] + fields[7]) * MicrosecondsPerTick;
    }

    private static double OfProcess(string file)
    {
        var stat = File.ReadAllText(file);
        // The second field is the command in parentheses and may hold spaces.
        var fields = Fields(stat[(stat.LastIndexOf(')') + 1)..]);
        return (fields[11] + fields[12]) * MicrosecondsPerTick;
    }

    private static double[] Fields(string line) =>
        [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(field => double.TryParse(field, CultureInfo.InvariantCulture, out var number) ? number : 0)];
}
