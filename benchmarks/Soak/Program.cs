using System.Runtime.InteropServices;
using Benchmarks.Soak;
using Testing;

var settings = new Settings(args);
var clock = new FakeClock();
await using var database = await SoakDatabase.StartAsync(settings.Engine);
await using var parts = await TokenParts.StartAsync(database.Settings, clock);
Console.WriteLine(
    $"{settings.Engine}, {settings.Days} days of {settings.LoginsPerSecond} logins a second, of which one in {settings.Factor:N0} is made; "
    + $"{Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}\n");
return await new Simulation(parts, clock, settings, Console.Out).RunAsync() ? 0 : 1;
