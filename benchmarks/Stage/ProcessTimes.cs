using System.Globalization;

namespace Benchmarks.Stage;

/// <summary>What processes and the machine have used, from /proc (proc(5)); ticks are hundredths of a second on Linux.</summary>
public static class ProcessTimes
{
    private const double MicrosecondsPerTick = 10_000;

    /// <summary>CPU time of one process, in microseconds.</summary>
    public static double Cpu(int id)
    {
        var fields = Stat($"/proc/{id}/stat");
        return (fields[11] + fields[12]) * MicrosecondsPerTick;
    }

    /// <summary>Of a process and of those that it started, those that have ended included.</summary>
    public static double CpuOfTree(int id)
    {
        var fields = Stat($"/proc/{id}/stat");
        return ((fields[11] + fields[12] + fields[13] + fields[14]) * MicrosecondsPerTick) + Children(id).Sum(CpuOrNothing);
    }

    /// <summary>Of this process.</summary>
    public static double OwnCpu() => Cpu(Environment.ProcessId);

    /// <summary>Of programs that this process started and that have ended.</summary>
    public static double EndedChildrenCpu()
    {
        var fields = Stat("/proc/self/stat");
        return (fields[13] + fields[14]) * MicrosecondsPerTick;
    }

    /// <summary>Of all processes.</summary>
    public static double MachineCpu()
    {
        var fields = Fields(File.ReadLines("/proc/stat").First());
        // user, nice, system, irq, softirq
        return (fields[1] + fields[2] + fields[3] + fields[6] + fields[7]) * MicrosecondsPerTick;
    }

    public static double ResidentMebibytes(int id)
    {
        var line = File.ReadLines($"/proc/{id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>The process that started this one.</summary>
    public static int ParentOf(int id) => (int)Stat($"/proc/{id}/stat")[1];

    private static IEnumerable<int> Children(int id) =>
        from folder in Directory.EnumerateDirectories("/proc")
        let name = Path.GetFileName(folder)
        where char.IsAsciiDigit(name[0])
        let child = int.Parse(name, CultureInfo.InvariantCulture)
        where IsChild(child, id)
        select child;

    private static bool IsChild(int child, int parent)
    {
        try
        {
            return ParentOf(child) == parent;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static double CpuOrNothing(int id)
    {
        try
        {
            return Cpu(id);
        }
        catch (IOException)
        {
            // It has just ended; its parent counts it.
            return 0;
        }
    }

    /// <summary>The fields from the third on, the process's state.</summary>
    private static double[] Stat(string file)
    {
        var stat = File.ReadAllText(file);
        // The second field is the command in parentheses and may hold spaces.
        return Fields(stat[(stat.LastIndexOf(')') + 1)..]);
    }

    private static double[] Fields(string line) =>
        [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(field => double.TryParse(field, CultureInfo.InvariantCulture, out var number) ? number : 0)];
}
