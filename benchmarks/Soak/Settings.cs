using System.Globalization;

namespace Benchmarks.Soak;

/// <summary>The command line: <c>--name value</c> pairs, all of them, as soak.sh gives them.</summary>
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

    /// <summary>Simulated.</summary>
    public int Days => Number("days");

    /// <summary>What is simulated.</summary>
    public int LoginsPerSecond => Number("logins");

    /// <summary>Of that many logins, one is made.</summary>
    public int Factor => Number("factor");

    private string Text(string name) =>
        _values.TryGetValue(name, out var value) ? value : throw new ArgumentException($"--{name} is missing");

    private int Number(string name) => int.Parse(Text(name), CultureInfo.InvariantCulture);
}
