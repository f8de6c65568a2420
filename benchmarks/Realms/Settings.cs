using System.Globalization;
using Benchmarks.Stage;

namespace Benchmarks.Realms;

/// <summary>The command line: <c>--name value</c> pairs, all of them, as realms.sh gives them.</summary>
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

    /// <summary>How many realms there are that nobody uses.</summary>
    public int Realms => Number("realms");

    /// <summary>How many role bindings the large realm has; a tenth as many users, and a thousandth as many groups.</summary>
    public int Bindings => Number("bindings");

    /// <summary>How many writes are followed into the token service.</summary>
    public int Writes => Number("writes");

    /// <summary>many, large or all.</summary>
    public string Only => Text("only");

    public ClusterPlan Plan => new() { Engine = Engine, RealmAdminProgram = Text("realm-admin"), TokenProgram = Text("token") };

    private string Text(string name) =>
        _values.TryGetValue(name, out var value) ? value : throw new ArgumentException($"--{name} is missing");

    private int Number(string name) => int.Parse(Text(name), CultureInfo.InvariantCulture);
}
