namespace Pltfrms.Iam.Common.Chains;

/// <summary>
/// The command line of the commands that export and verify a hash chain. What has a colon is a setting of the service, <c>--Database:File=…</c>.
/// </summary>
public sealed class ChainArguments
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly List<string> _settings = [];

    private ChainArguments(bool export) => Export = export;

    /// <summary>Whether the command exports; else it verifies.</summary>
    public bool Export { get; }

    public string? Realm => this["--realm"];

    public string? File => this["--file"];

    public IReadOnlyList<string> Settings => _settings;

    /// <summary>An argument's value; null: it was not given.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <param name="args">The command and its arguments, <c>--name value</c> or <c>--name=value</c>.</param>
    /// <param name="proof">The argument that only verifying has: what the chain must agree with.</param>
    /// <param name="usage">For whoever got it wrong.</param>
    /// <exception cref="ArgumentException">An argument is missing or unknown.</exception>
    public static ChainArguments Parse(string[] args, string proof, string usage)
    {
        var parsed = new ChainArguments(args[0].StartsWith("export-", StringComparison.Ordinal));
        var rest = new Queue<string>(args.Skip(1).SelectMany(Split));
        while (rest.TryDequeue(out var name))
        {
            var value = rest.TryDequeue(out var next) ? next : throw new ArgumentException($"{name} has no value; {usage}");
            if (name is "--realm" or "--file" || name == proof)
            {
                parsed._values[name] = value;
            }
            else if (name.StartsWith("--", StringComparison.Ordinal) && name.Contains(':', StringComparison.Ordinal))
            {
                parsed._settings.Add($"{name}={value}");
            }
            else
            {
                throw new ArgumentException($"{name} is not known; {usage}");
            }
        }

        var isComplete = parsed.Export ? parsed.Realm is not null && parsed[proof] is null : parsed.Realm is not null || parsed.File is not null;
        return isComplete ? parsed : throw new ArgumentException(usage);
    }

    private static string[] Split(string argument) =>
        argument.StartsWith("--", StringComparison.Ordinal) ? argument.Split('=', 2) : [argument];
}
