namespace Testing;

/// <summary>What the tests take from npm (tests/node/package.json), which ./test.sh installs into the user's cache.</summary>
public static class NodeModules
{
    private const string Missing = "npm's packages for the tests are not installed here; ./test.sh installs them";

    private static readonly string[] Packages =
    [
        "jose", "axe-core", "oauth4webapi", "oidc-provider", "openid-client", "simple-oauth2", "passport-oauth2",
        Path.Combine("@badgateway", "oauth2-client"), Path.Combine("@openid", "appauth"),
    ];

    /// <summary>The folder node_modules, or null.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>Why tests that need them are skipped, or null. In CI they never are: there they run, and fail where something is missing.</summary>
    public static string? SkipReason => Folder is null && System.Environment.GetEnvironmentVariable("CI") != "true" ? Missing : null;

    /// <summary>For programs of tests/node.</summary>
    public static Dictionary<string, string?> Environment() => new() { ["NODE_MODULES"] = File("") };

    /// <summary>A file of a package.</summary>
    public static string File(string path) => Path.Combine(Folder ?? throw new InvalidOperationException(Missing), path);

    private static string? Find()
    {
        var cache = System.Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set
            ? set
            : Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".cache");
        var folder = Path.Combine(cache, "pltfrms-iam", "node-tests", "node_modules");
        return Packages.All(package => Directory.Exists(Path.Combine(folder, package))) ? folder : null;
    }
}
