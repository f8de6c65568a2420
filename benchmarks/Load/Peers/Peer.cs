using Benchmarks.Stage;

namespace Benchmarks.Load.Peers;

/// <summary>Another's server, pinned to a version, in a process of its own.</summary>
internal abstract class Peer(string name, string version, params Job[] jobs) : IAsyncDisposable
{
    protected const string Id = "bench";
    protected const string Secret = "bench-secret-0123456789abcdef0123456789abcdef";

    private ServiceProcess? _process;

    public string Name => name;

    /// <summary>Its name and version, and those of what runs it.</summary>
    public virtual string Label => $"{name} {version}";

    /// <summary>Why it is not here; null: it is, or was not asked for yet.</summary>
    public string? Missing { get; private set; }

    protected int Port { get; } = Testing.FreePort.Next();

    protected Served Server => Served.Alone(_process!);

    protected static RequestHeader Basic => RequestHeader.Basic(Id, Secret);

    public bool Does(Job job) => jobs.Contains(job);

    /// <summary>The load that does the job; null: it cannot be had, and <see cref="Missing"/> says why.</summary>
    public async Task<Target?> TargetAsync(Job job, HttpClient http)
    {
        if (Missing is not null)
        {
            return null;
        }

        try
        {
            _process ??= await StartAsync();
            return await MakeAsync(job, http);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Missing = exception.Message.ReplaceLineEndings(" ");
            return null;
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    /// <summary>Installs it where it is missing, and starts it.</summary>
    protected abstract Task<ServiceProcess> StartAsync();

    protected abstract Task<Target> MakeAsync(Job job, HttpClient http);

    protected Uri Local(string path) => new($"http://127.0.0.1:{Port}{path}");

    protected Target Form(string path, string form, string expected, params RequestHeader[] headers) =>
        Target.Of(Role.Peer, Name, Server, new FormTarget(Local(path), form, headers, expected));
}
