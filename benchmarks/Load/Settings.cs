using System.Globalization;

namespace Benchmarks.Load;

/// <summary>The command line: <c>--name value</c> pairs, all of them, as run.sh gives them.</summary>
internal sealed class Settings
{
    private readonly Dictionary<string, string> _values = [];

    public Settings(string[] args)
    {
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            _values[args[i].TrimStart('-')] = args[i + 1];
        }
    }

    public Uri FloorHttp => new(Text("floor-http"));

    public Uri FloorGrpc => new(Text("floor-grpc"));

    public Uri SuiteHttp => new(Text("suite-http"));

    public Uri SuiteGrpc => new(Text("suite-grpc"));

    public Uri SuiteAdmin => new(Text("suite-admin"));

    /// <summary>The file with the suite's operator key.</summary>
    public string OperatorKeyFile => Text("operator-key");

    public int FloorPid => Number("floor-pid");

    public int SuitePid => Number("suite-pid");

    public int Rounds => Number("rounds");

    public TimeSpan WarmUp => TimeSpan.FromSeconds(Number("warm-up"));

    public TimeSpan Measure => TimeSpan.FromSeconds(Number("seconds"));

    /// <summary>Names of comparisons, separated by commas; "all" for all.</summary>
    public string Only => Text("only");

    private string Text(string name) =>
        _values.TryGetValue(name, out var value) ? value : throw new ArgumentException($"--{name} is missing");

    private int Number(string name) => int.Parse(Text(name), CultureInfo.InvariantCulture);
}
