using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Benchmarks.Load;

/// <summary>The versions of programs, as they print them.</summary>
internal static partial class ProgramVersion
{
    private static readonly ConcurrentDictionary<string, string> Known = new();

    /// <summary>Its name and version.</summary>
    public static string Of(string program) => Known.GetOrAdd(program, static program => $"{program} {Read(program)}".TrimEnd());

    private static string Read(string program)
    {
        using var process = Process.Start(new ProcessStartInfo(program, ["--version"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var complaints = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd() + complaints.GetAwaiter().GetResult();
        process.WaitForExit();
        return Number().Match(output).Value;
    }

    [GeneratedRegex(@"\d+\.\d+(\.\d+)?")]
    private static partial Regex Number();
}
