using Benchmarks.Load;
using Benchmarks.Load.Comparisons;
using Benchmarks.Load.Results;

// One thread polls all sockets and runs what follows on it: no hand-over between threads, and at most one core for the generator.
// The runtime reads both when the first socket is made.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", "1");

var settings = new Settings(args);
ProgramVersion.Read("wrk", "h2load", "node");
await using var scene = await Scene.StartAsync(settings);
var catalogue = new Catalogue(scene);
var results = new ResultsFolder(settings.Out, settings.Engine);
var failures = 0;
foreach (var (name, measureAsync) in catalogue.Chosen())
{
    try
    {
        var figure = await measureAsync();
        results.Keep(figure, catalogue.Names);
        Console.WriteLine(ResultsPage.Write(figure));
        failures += figure.Errors > 0 ? 1 : 0;
    }
    catch (Exception exception) when (exception is not OutOfMemoryException)
    {
        // The other figures are worth having.
        Console.Error.WriteLine($"{name}: {exception}");
        failures++;
    }
}

return failures == 0 ? 0 : 1;
