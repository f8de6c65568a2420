using Testing;

namespace Suite.Tests;

/// <summary>Runs commands as a user who copies them does.</summary>
internal static class Shell
{
    /// <summary>The command's output; fails where it fails.</summary>
    public static Task<string> RunAsync(string commands, IReadOnlyDictionary<string, string?> environment) =>
        RunAsync(commands, environment, stopAtErrors: true);

    /// <summary>The same; where asked to, goes on after a command that fails.</summary>
    public static async Task<string> RunAsync(string commands, IReadOnlyDictionary<string, string?> environment, bool stopAtErrors)
    {
        await using var bash = ProcessUnderTest.Start("bash", [.. stopAtErrors ? new[] { "-e" } : [], "-c", commands], environment);
        var exitCode = await bash.WaitForExitAsync(TimeSpan.FromSeconds(stopAtErrors ? 30 : 120));
        var output = string.Join('\n', bash.Lines);
        Assert.True(exitCode == 0, $"exit code {exitCode} of\n{commands}\n{output}");
        return output;
    }
}
