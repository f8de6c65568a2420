using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Benchmarks.Realms;

/// <summary>A service in a process of its own, and what it uses, from /proc (proc(5)).</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _complaints;

    private ServiceProcess(Process process, TimeSpan startUp)
    {
        _process = process;
        _complaints = process.StandardError.ReadToEndAsync();
        StartUp = startUp;
    }

    /// <summary>From the start of the process until its port answers.</summary>
    public TimeSpan StartUp { get; }

    public int Id => _process.Id;

    public double ResidentMebibytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
        }
    }

    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<ServiceProcess> StartAsync(string program, int port, IEnumerable<KeyValuePair<string, string>> settings)
    {
        var start = Stopwatch.GetTimestamp();
        var process = Process.Start(new ProcessStartInfo(program, settings.Select(setting => $"--{setting.Key}={setting.Value}")) { RedirectStandardError = true })!;
        while (!await IsOpenAsync(port))
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"{program} did not start: {await process.StandardError.ReadToEndAsync()}");
            }

            await Task.Delay(10);
        }

        return new ServiceProcess(process, Stopwatch.GetElapsedTime(start));
    }

    /// <summary>Share of one core that it uses while nobody calls it.</summary>
    public async Task<double> IdleCpuAsync(TimeSpan watched)
    {
        var (cpu, start) = (Cpu, Stopwatch.GetTimestamp());
        await Task.Delay(watched);
        return (Cpu - cpu) / Stopwatch.GetElapsedTime(start);
    }

    public async ValueTask DisposeAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync();
        var complaints = await _complaints;
        if (_process.ExitCode != 0 || complaints.Contains(" fail: ", StringComparison.Ordinal))
        {
            await Console.Error.WriteLineAsync(complaints);
        }

        _process.Dispose();
    }

    private static async Task<bool> IsOpenAsync(int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
