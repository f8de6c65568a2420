using System.Diagnostics;
using System.Text;

namespace Testing;

/// <summary>A program that a test starts, reads and ends. It dies with the test run, even where that is killed.</summary>
public sealed class ProcessUnderTest : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Process _watchdog;
    private readonly List<string> _lines = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ProcessUnderTest(Process process, Process watchdog)
    {
        _process = process;
        _watchdog = watchdog;
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>All lines of standard output and error so far, in the order in which they came.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    /// <param name="file">The program.</param>
    /// <param name="arguments">As the program gets them; no shell reads them.</param>
    /// <param name="environment">Set on top of this process's; null removes one.</param>
    public static ProcessUnderTest Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> environment)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        var started = new ProcessUnderTest(process, StartWatchdog(process.Id));
        process.OutputDataReceived += (_, line) => started.Add(line.Data);
        process.ErrorDataReceived += (_, line) => started.Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return started;
    }

    /// <summary>The first line that has <paramref name="text"/> in it, waiting for it.</summary>
    /// <exception cref="TimeoutException">None came, or the program ended without one. The message holds all output.</exception>
    public async Task<string> WaitForLineAsync(string text, TimeSpan timeout)
    {
        using var expired = new CancellationTokenSource(timeout);
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            var ended = _process.HasExited;
            if (ended)
            {
                // The end is seen before the last lines are read; this waits for those too.
                await _process.WaitForExitAsync(expired.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (Lines.FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal)) is { } found)
            {
                return found;
            }

            if (ended || expired.IsCancellationRequested)
            {
                throw new TimeoutException(Report($"no line with '{text}'"));
            }

            // The program's end changes nothing by itself, so look at it from time to time.
            await Task.WhenAny(changed, Task.Delay(TimeSpan.FromMilliseconds(200), CancellationToken.None));
        }
    }

    /// <summary>Asks it to stop: SIGTERM.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>As Ctrl-C does: SIGINT.</summary>
    public void Interrupt() => Signal("INT");

    /// <summary>kill -9: it gets no chance to tidy up.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Waits for its end and returns its exit code; all its output is in <see cref="Lines"/> then.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan timeout)
    {
        using var expired = new CancellationTokenSource(timeout);
        try
        {
            await _process.WaitForExitAsync(expired.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException(Report("does not end"));
        }

        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _watchdog.Kill();
        await _watchdog.WaitForExitAsync();
        _watchdog.Dispose();
        _process.Dispose();
    }

    /// <summary>Waits for the end of its input, which the death of this process causes, and kills the program.</summary>
    private static Process StartWatchdog(int id) =>
        Process.Start(new ProcessStartInfo("sh", ["-c", $"cat; kill -9 {id}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private void Signal(string name)
    {
        using var kill = Process.Start("sh", ["-c", $"kill -{name} {_process.Id}"]);
        kill.WaitForExit();
    }

    private void Add(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lines)
        {
            _lines.Add(line);
        }

        Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    private string Report(string problem)
    {
        var report = new StringBuilder($"{_process.StartInfo.FileName}: {problem}; it printed:");
        foreach (var line in Lines)
        {
            report.AppendLine().Append("    ").Append(line);
        }

        return report.ToString();
    }
}
