using Testing;

namespace Suite.Tests;

/// <summary>Runs commands as a user who copies them does.</summary>
internal static class Shell
{
    /// <summary>The command's output; fails where it fails.</summary>
    public static async Task<string> RunAsync(string commands, IReadOnlyDictionary<string, string?> environment)
    {
        await using var bash = ProcessUnderTest.Start("bash", ["-e", "-c", commands], environment);
        var exitCode = await bash.WaitForExitAsync(TimeSpan.FromSeconds(30));
        var output = string.Join('\n', bash.Lines);
        Assert.True(exitCode == 0, $"exit code {exitCode} of\n{commands}\n{output}");
        return output;
    }
}
