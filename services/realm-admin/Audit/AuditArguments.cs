namespace Pltfrms.Iam.RealmAdmin.Audit;

/// <summary>The command line of the audit commands; what has a colon is a setting of the service, <c>--Database:File=…</c>.</summary>
internal sealed record AuditArguments
{
    public const string Usage =
        "usage: verify-audit (--realm REALM | --file EXPORT) [--anchor HASH] | export-audit --realm REALM [--file EXPORT]; "
        + "--Database:File=… and the like as for the service";

    public required bool Export { get; init; }

    public string? Realm { get; private set; }

    public string? File { get; private set; }

    public string? Anchor { get; private set; }

    public List<string> Settings { get; } = [];

    public static bool Understands(string[] args) => args is ["verify-audit" or "export-audit", ..];

    /// <exception cref="ArgumentException">An argument is missing or unknown.</exception>
    public static AuditArguments Parse(string[] args)
    {
        var parsed = new AuditArguments { Export = args[0] == "export-audit" };
        var rest = new Queue<string>(args.Skip(1).SelectMany(Split));
        while (rest.TryDequeue(out var name))
        {
            var value = rest.TryDequeue(out var next) ? next : throw new ArgumentException($"{name} has no value; {Usage}");
            parsed.Set(name, value);
        }

        var complete = parsed.Export ? parsed.Realm is not null && parsed.Anchor is null : parsed.Realm is not null || parsed.File is not null;
        return complete ? parsed : throw new ArgumentException(Usage);
    }

    private void Set(string name, string value)
    {
        switch (name)
        {
            case "--realm":
                Realm = value;
                break;
            case "--file":
                File = value;
                break;
            case "--anchor":
                Anchor = value.ToLowerInvariant();
                break;
            case var setting when setting.StartsWith("--", StringComparison.Ordinal) && setting.Contains(':', StringComparison.Ordinal):
                Settings.Add($"{name}={value}");
                break;
            default:
                throw new ArgumentException($"{name} is not known; {Usage}");
        }
    }

    private static string[] Split(string argument) =>
        argument.StartsWith("--", StringComparison.Ordinal) ? argument.Split('=', 2) : [argument];
}
