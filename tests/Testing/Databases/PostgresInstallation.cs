namespace Testing.Databases;

/// <summary>The PostgreSQL programs of this machine.</summary>
public static class PostgresInstallation
{
    private const string Missing = "PostgreSQL is not installed here (no initdb on PATH or in /usr/lib/postgresql); ./test.sh installs it on Debian";

    /// <summary>The folder of initdb and pg_ctl, or null.</summary>
    public static string? BinFolder { get; } = Candidates().FirstOrDefault(
        folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")));

    /// <summary>Why tests that need PostgreSQL are skipped, or null. In CI they never are: there they run, and fail where it is missing.</summary>
    public static string? SkipReason => BinFolder is null && Environment.GetEnvironmentVariable("CI") != "true" ? Missing : null;

    /// <summary>The folder of initdb and pg_ctl.</summary>
    public static string RequireBinFolder() => BinFolder ?? throw new InvalidOperationException(Missing);

    private static IEnumerable<string> Candidates()
    {
        // Debian keeps the server's programs off the PATH, a folder per version.
        const string debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(debian) ? Directory.GetDirectories(debian) : [];
        return versions
            .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
            .Select(folder => Path.Combine(folder, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));
    }
}
