using Benchmarks.Local;

// Usage: Local checks|freshness - started by the load generator, which says the rest in the environment.
var report = new Report();
using var realm = new LocalRealm();
await using var client = new LocalClient();
switch (args)
{
    case ["checks"]:
        await new CheckSpeed(client, realm).MeasureAsync(report);
        break;
    case ["freshness"]:
        await new Freshness(client, realm).MeasureAsync(report);
        break;
    default:
        Console.Error.WriteLine("usage: Local checks|freshness");
        return 1;
}

Console.WriteLine(report);
return 0;
