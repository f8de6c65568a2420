using System.Runtime.InteropServices;
using Benchmarks.Realms;

var settings = new Settings(args);
var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[1].Trim() ?? "unknown processor";
Console.WriteLine($"{Environment.ProcessorCount} cores, {model}, Linux {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}, {RuntimeInformation.FrameworkDescription}, {settings.Engine}");
if (settings.Only is "many" or "all")
{
    await using var cluster = await Cluster.StartAsync(settings);
    await new ManyRealms(cluster, settings, Console.Out).RunAsync();
}

if (settings.Only is "audit")
{
    await using var cluster = await Cluster.StartAsync(settings);
    await AuditCost.RunAsync(cluster, settings);
}

if (settings.Only is "large" or "all")
{
    await using var cluster = await Cluster.StartAsync(settings);
    await new LargeRealm(cluster, settings, Console.Out).RunAsync();
}
