using System.Globalization;
using Benchmarks.Stage;

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

    /// <summary>sqlite or postgres.</summary>
    public string Engine => Text("engine");

    public ClusterPlan Plan => new()
    {
        Engine = Engine,
        RealmAdminProgram = Text("realm-admin"),
        TokenProgram = Text("token"),
        // The short profile must pass on a machine that is busy with something else, too.
        TokenSettings = Quick ? new Dictionary<string, string> { ["RealmFeed:StaleAfter"] = "00:00:30", ["Token:RevocationStaleAfter"] = "00:00:30" } : [],
    };

    /// <summary>The program that decides in its own process.</summary>
    public string LocalProgram => Text("local");

    public string FloorProgram => Text("floor");

    /// <summary>The folder of the repository.</summary>
    public string Root => Text("root");

    /// <summary>The folder that the results go to.</summary>
    public string Out => Text("out");

    /// <summary>What was built.</summary>
    public string Commit => Text("commit");

    /// <summary>How the run was started.</summary>
    public string Command => Text("command");

    public int Rounds => Number("rounds");

    public TimeSpan WarmUp => Seconds("warm-up");

    public TimeSpan Measure => Seconds("seconds");

    /// <summary>Before each round every answer is looked at for so long.</summary>
    public TimeSpan Check => Seconds("check");

    /// <summary>1, or how many times smaller the large case is.</summary>
    public int ScaleDivisor => Number("scale-divisor");

    /// <summary>Whether only to see that everything runs.</summary>
    public bool Quick => Text("quick") == "yes";

    /// <summary>Names of comparisons, separated by commas; "all" for all but the controls.</summary>
    public IReadOnlyList<string> Only => Text("only").Split(',');

    /// <summary>Names of peers, separated by commas; "all" or "none".</summary>
    public IReadOnlyList<string> Peers => Text("peers").Split(',');

    private TimeSpan Seconds(string name) => TimeSpan.FromSeconds(double.Parse(Text(name), CultureInfo.InvariantCulture));

    private string Text(string name) =>
        _values.TryGetValue(name, out var value) ? value : throw new ArgumentException($"--{name} is missing");

    private int Number(string name) => int.Parse(Text(name), CultureInfo.InvariantCulture);
}
