using System.Globalization;

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

    public string RealmAdminProgram => Text("realm-admin");

    public string TokenProgram => Text("token");

    /// <summary>How many realms there are that nobody uses.</summary>
    public int Realms => Number("realms");

    /// <summary>How many role bindings the large realm has; a tenth as many users, and a thousandth as many groups.</summary>
    public int Bindings => Number("bindings");

    /// <summary>How many writes are followed into the token service.</summary>
    public int Writes => Number("writes");

    /// <summary>many, large or all; or audit.</summary>
    public string Only => Text("only");

    /// <summary>For audit: the load generator, and what it is told.</summary>
    public string LoadProgram => Text("load");

    public string Rounds => Text("rounds");

    public string WarmUp => Text("warm-up");

    public string Seconds => Text("seconds");

    private string Text(string name) =>
        _values.TryGetValue(name, out var value) ? value : throw new ArgumentException($"--{name} is missing");

    private int Number(string name) => int.Parse(Text(name), CultureInfo.InvariantCulture);
}
