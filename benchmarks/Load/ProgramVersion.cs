using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Benchmarks.Load;

/// <summary>The versions of programs that take part, as they print them.</summary>
internal static partial class ProgramVersion
{
    private static readonly Dictionary<string, string> Known = [];

    /// <summary>Asks those that are there. Before the first socket is made: its thread runs what follows it, and must not wait for a program's output.</summary>
    public static void Read(params string[] programs)
    {
        foreach (var program in programs)
        {
            Known[program] = $"{program} {Number().Match(Output(program)).Value}".TrimEnd();
        }
    }

    /// <summary>Its name, and its version where it is known.</summary>
    public static string Of(string program) => Known.GetValueOrDefault(program, program);

    private static string Output(string program)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", $"{program} --version 2>&1"]) { RedirectStandardOutput = true })!;
        var output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return shell.ExitCode == 127 ? "" : output;
    }

    [GeneratedRegex(@"\d+\.\d+(\.\d+)?")]
    private static partial Regex Number();
}
