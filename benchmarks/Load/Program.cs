using Benchmarks.Load;

// One thread polls all sockets and runs what follows on it: no hand-over between threads, and at most one core for the generator.
// The runtime reads both when the first socket is made.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", "1");

var settings = new Settings(args);
using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
var comparisons = new Comparisons(settings, new DemoRealm(http, settings.SuiteHttp), new SigningClient(settings));
var report = new Report(Console.Out);
var errors = 0L;

report.Head(settings);
foreach (var (name, makeAsync) in comparisons.Named(settings.Only.Split(',')))
{
    var comparison = await makeAsync();
    var (floor, product) = await comparison.RunAsync(settings);
    report.Row(comparison, floor, product);
    foreach (var run in floor.Concat(product).Where(run => run.Errors > 0))
    {
        errors += run.Errors;
        await Console.Error.WriteLineAsync($"{name}: {run.Errors} errors, the first: {run.FirstError}");
    }
}
report.Foot(settings);
return errors == 0 ? 0 : 1;
