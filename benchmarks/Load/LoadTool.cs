using System.Diagnostics;
using System.Globalization;

namespace Benchmarks.Load;

/// <summary>A load generator that is not ours.</summary>
/// <param name="program">Its file name.</param>
/// <param name="inFlight">How many requests are under way at any time.</param>
internal abstract class LoadTool(string program, int inFlight)
{
    public string Program => program;

    public int InFlight => inFlight;

    /// <summary>One run.</summary>
    public abstract Task<ToolRun> RunAsync(TimeSpan time);

    /// <summary>Whether a program is on PATH.</summary>
    protected static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>What it prints; it has ended then, so that its CPU time is known.</summary>
    protected async Task<string> PrintsAsync(IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var complaints = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program}: {await complaints} {output}");
    }

    protected static string Seconds(TimeSpan time) => Math.Max(1, (int)time.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}

/// <summary>What a tool saw.</summary>
internal sealed record ToolRun
{
    public required long Requests { get; init; }

    public required double PerSecond { get; init; }

    /// <summary>Refused, lost or timed out, as far as the tool can tell.</summary>
    public required long Errors { get; init; }

    /// <summary>Of all answers together, counted as our own generator counts them.</summary>
    public required long AnswerBytes { get; init; }

    /// <summary>Milliseconds; null: the tool does not tell.</summary>
    public double? P50 { get; init; }

    public double? P99 { get; init; }
}
