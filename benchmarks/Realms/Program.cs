using Benchmarks.Realms;
using Benchmarks.Stage;

var settings = new Settings(args);
Console.WriteLine($"{Machine.Description}, {settings.Engine}");
if (settings.Only is "many" or "all")
{
    await using var cluster = await Cluster.StartAsync(settings.Plan);
    await new ManyRealms(cluster, settings, Console.Out).RunAsync();
}

if (settings.Only is "large" or "all")
{
    await using var cluster = await Cluster.StartAsync(settings.Plan);
    await new LargeRealm(cluster, settings, Console.Out).RunAsync();
}
