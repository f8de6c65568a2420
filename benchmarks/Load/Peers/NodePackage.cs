using System.Diagnostics;

namespace Benchmarks.Load.Peers;

/// <summary>A peer from npm: the files of benchmarks/peers, with the packages that they pin, in the user's cache.</summary>
internal static class NodePackage
{
    /// <summary>Installs what is missing; the folder.</summary>
    public static async Task<string> InstallAsync(Settings settings, string name)
    {
        var source = Path.Combine(settings.Root, "benchmarks", "peers", name);
        var folder = Path.Combine(Cache(), "pltfrms-iam", "benchmark-peers", name);
        var isInstalled = IsSame(source, folder) && Directory.Exists(Path.Combine(folder, "node_modules"));
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }

        if (!isInstalled)
        {
            // Some platforms' packages are missing in some registries, so a lock file would not install.
            await RunAsync("npm", ["install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", folder], folder);
        }

        return folder;
    }

    public static async Task RunAsync(string program, string[] arguments, string folder)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, complaints) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {arguments[0]} failed: {(await complaints).Trim()} {(await output).Trim()}");
        }
    }

    private static bool IsSame(string source, string folder)
    {
        var installed = Path.Combine(folder, "package.json");
        return File.Exists(installed) && File.ReadAllText(installed) == File.ReadAllText(Path.Combine(source, "package.json"));
    }

    private static string Cache() => Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set
        ? set
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
}
