namespace Testing;

/// <summary>What the tests take from npm (tests/node/package.json), which ./test.sh installs into the user's cache.</summary>
public static class NodeModules
{
    private const string Missing = "npm's packages for the tests are not installed here; ./test.sh installs them";

    /// <summary>The folder node_modules, or null.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>Why tests that need them are skipped, or null. In CI they never are: there they run, and fail where something is missing.</summary>
    public static string? SkipReason => Folder is null && Environment.GetEnvironmentVariable("CI") != "true" ? Missing : null;

    /// <summary>A file of a package.</summary>
    public static string File(string path) => Path.Combine(Folder ?? throw new InvalidOperationException(Missing), path);

    private static string? Find()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var folder = Path.Combine(cache, "pltfrms-iam", "node-tests", "node_modules");
        return Directory.Exists(Path.Combine(folder, "jose")) && Directory.Exists(Path.Combine(folder, "axe-core")) ? folder : null;
    }
}
