namespace Pltfrms.Iam.Consent.Receipts;

/// <summary>The command line of the receipt commands; what has a colon is a setting of the service, <c>--Database:File=…</c>.</summary>
internal sealed record ReceiptArguments
{
    public const string Usage =
        "usage: verify-receipts (--realm REALM | --file EXPORT) [--audit AUDIT-EXPORT] | export-receipts --realm REALM [--file EXPORT]; "
        + "--Database:File=… and the like as for the service";

    public required bool Export { get; init; }

    public string? Realm { get; private set; }

    public string? File { get; private set; }

    /// <summary>An export of the realm's audit, whose anchors must fit.</summary>
    public string? Audit { get; private set; }

    public List<string> Settings { get; } = [];

    /// <exception cref="ArgumentException">An argument is missing or unknown.</exception>
    public static ReceiptArguments Parse(string[] args)
    {
        var parsed = new ReceiptArguments { Export = args[0] == "export-receipts" };
        var rest = new Queue<string>(args.Skip(1).SelectMany(Split));
        while (rest.TryDequeue(out var name))
        {
            parsed.Set(name, rest.TryDequeue(out var value) ? value : throw new ArgumentException($"{name} has no value; {Usage}"));
        }

        var isComplete = parsed.Export ? parsed.Realm is not null && parsed.Audit is null : parsed.Realm is not null || parsed.File is not null;
        return isComplete ? parsed : throw new ArgumentException(Usage);
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
            case "--audit":
                Audit = value;
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
