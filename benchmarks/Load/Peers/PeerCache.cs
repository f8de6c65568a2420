using System.Diagnostics;

namespace Benchmarks.Load.Peers;

/// <summary>Where peers are installed: in the user's cache, a folder for each.</summary>
internal static class PeerCache
{
    public static string Folder(string name)
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Directory.CreateDirectory(Path.Combine(cache, "pltfrms-iam", "benchmark-peers", name)).FullName;
    }

    /// <summary>Whether what was installed is this, and whole.</summary>
    public static bool Has(string folder, string content) => File.Exists(Mark(folder)) && File.ReadAllText(Mark(folder)) == content;

    /// <summary>Says so, when it is.</summary>
    public static void Keep(string folder, string content) => File.WriteAllText(Mark(folder), content);

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message holds what it said.</exception>
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

    private static string Mark(string folder) => Path.Combine(folder, ".installed");
}
