namespace Browser.Tests;

/// <summary>The browser of this machine.</summary>
internal static class Chromium
{
    private const string Missing = "chromium is not installed here; ./test.sh installs it on Debian";

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    /// <summary>Why tests are skipped, or null. In CI they never are.</summary>
    public static string? SkipReason => Path is null && Environment.GetEnvironmentVariable("CI") != "true" ? Missing : null;

    public static string? Path { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(folder => Names.Select(name => System.IO.Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    public static string Require() => Path ?? throw new InvalidOperationException(Missing);
}
