using System.Diagnostics;
using System.Net.Sockets;
using Testing;

namespace Benchmarks.Stage;

/// <summary>A server in a process of its own, and what it uses. It ends with the benchmark, however that ends.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _program;
    private readonly ProcessUnderTest _process;
    private readonly AllocationsFile _allocations;

    private ServiceProcess(string program, ProcessUnderTest process, AllocationsFile allocations, TimeSpan startUp) =>
        (_program, _process, _allocations, StartUp) = (program, process, allocations, startUp);

    /// <summary>From the start of the process until its port answers.</summary>
    public TimeSpan StartUp { get; }

    public int Id => _process.Id;

    public double ResidentMebibytes => ProcessTimes.ResidentMebibytes(Id);

    /// <summary>All that it has allocated since it began; null: it is no .NET program. It stops for a moment to say so.</summary>
    public long? AllocatedBytes() => _allocations.Ask();

    public TimeSpan Cpu => TimeSpan.FromMicroseconds(ProcessTimes.Cpu(Id));

    /// <summary>One of ours, which takes its settings as arguments.</summary>
    public static Task<ServiceProcess> StartAsync(string program, int port, IEnumerable<KeyValuePair<string, string>> settings) =>
        StartAsync(program, settings.Select(setting => $"--{setting.Key}={setting.Value}"), port, new Dictionary<string, string?>());

    /// <param name="program">The file, or a name on PATH.</param>
    /// <param name="arguments">As the program gets them.</param>
    /// <param name="port">The one that says that it is ready.</param>
    /// <param name="environment">On top of this process's.</param>
    public static async Task<ServiceProcess> StartAsync(
        string program, IEnumerable<string> arguments, int port, IReadOnlyDictionary<string, string?> environment)
    {
        var start = Stopwatch.GetTimestamp();
        var allocations = new AllocationsFile();
        // The generator's own, which a server must not inherit: they change how it works.
        var its = new Dictionary<string, string?>(environment.Concat(allocations.Environment))
        {
            ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = null,
            ["DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT"] = null,
        };
        var process = ProcessUnderTest.Start(program, arguments, its);
        while (!await IsOpenAsync(port))
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(start) > Patience)
            {
                await process.DisposeAsync();
                allocations.Dispose();
                throw new InvalidOperationException($"{program} did not start: {string.Join(' ', process.Lines)}");
            }

            await Task.Delay(10);
        }

        return new ServiceProcess(program, process, allocations, Stopwatch.GetElapsedTime(start));
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
        if (!_process.HasExited)
        {
            _process.Terminate();
            await _process.WaitForExitAsync(Patience);
        }

        var complaints = _process.Lines.Where(line => line.Contains("fail: ", StringComparison.Ordinal)).ToList();
        if (complaints.Count > 0)
        {
            await Console.Error.WriteLineAsync($"{_program} complained {complaints.Count} times, first: {complaints[0]}");
        }

        await _process.DisposeAsync();
        _allocations.Dispose();
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
