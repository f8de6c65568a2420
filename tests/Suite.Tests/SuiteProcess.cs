using Grpc.Core;
using Grpc.Net.Client;
using Testing;

namespace Suite.Tests;

/// <summary>The built suite as a process of its own, on free ports.</summary>
internal sealed class SuiteProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ProcessUnderTest _process;
    private readonly string _dataFolder;

    private SuiteProcess(ProcessUnderTest process, string dataFolder, SuitePorts ports)
    {
        _process = process;
        _dataFolder = dataFolder;
        Ports = ports;
        RealmAdmin = Open(ports.RealmAdminGrpc);
        Token = Open(ports.TokenGrpc);
        Consent = Open(ports.ConsentGrpc);
    }

    public static string DemoRealmFile { get; } = Path.Combine(AppContext.BaseDirectory, "demo-realm.yaml");

    public SuitePorts Ports { get; }

    public GrpcChannel RealmAdmin { get; }

    public GrpcChannel Token { get; }

    public GrpcChannel Consent { get; }

    /// <summary>All that it printed.</summary>
    public string Output => string.Join('\n', _process.Lines);

    public Uri Issuer => new($"http://127.0.0.1:{Ports.TokenHttp}/realms/demo");

    /// <summary>The databases of realm-admin, token and consent.</summary>
    public IReadOnlyList<string> DatabaseFiles => [.. Directory.GetFiles(_dataFolder, "*.db").Order(StringComparer.Ordinal)];

    /// <summary>Whether ASP.NET data protection has made keys: the suite has its own, in the database, and needs no others.</summary>
    public bool HasKeyRingOfTheFramework => Directory.Exists(Path.Combine(_dataFolder, ".aspnet"));

    /// <summary>What an operator presents.</summary>
    public Metadata Operator => Bearer(File.ReadAllText(Path.Combine(_dataFolder, "operator.key")).Trim());

    public static Metadata Bearer(string credential) => new() { { "authorization", $"Bearer {credential}" } };

    /// <summary>Starts it and waits until it is ready.</summary>
    public static Task<SuiteProcess> StartAsync(string dataFolder, params string[] arguments) => StartAsync(dataFolder, FreePorts(), arguments);

    /// <summary>Starts it where it was before: its issuer, and so its tokens, depend on the port.</summary>
    public static async Task<SuiteProcess> StartAsync(string dataFolder, SuitePorts ports, params string[] arguments)
    {
        var process = Launch(dataFolder, ports, arguments);
        try
        {
            await process.WaitForLineAsync("suite: ready", Patience);
            // The last of the printed commands.
            await process.WaitForLineAsync("grpcurl -plaintext", Patience);
            return new SuiteProcess(process, dataFolder, ports);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it where it should refuse; returns the exit code and all that it printed.</summary>
    public static async Task<(int ExitCode, string Output)> RefusalAsync(string dataFolder, SuitePorts ports, params string[] arguments)
    {
        await using var process = Launch(dataFolder, ports, arguments);
        var exitCode = await process.WaitForExitAsync(Patience);
        return (exitCode, string.Join('\n', process.Lines));
    }

    public static SuitePorts FreePorts() => new()
    {
        TokenHttp = FreePort.Next(),
        TokenGrpc = FreePort.Next(),
        RealmAdminGrpc = FreePort.Next(),
        ConsentGrpc = FreePort.Next(),
        ConsentHttp = FreePort.Next(),
    };

    public Task KillAsync() => _process.KillAsync();

    public Task<int> TerminateAsync()
    {
        _process.Terminate();
        return _process.WaitForExitAsync(Patience);
    }

    public Task<int> InterruptAsync()
    {
        _process.Interrupt();
        return _process.WaitForExitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        RealmAdmin.Dispose();
        Token.Dispose();
        Consent.Dispose();
        await _process.DisposeAsync();
    }

    private static ProcessUnderTest Launch(string dataFolder, SuitePorts ports, string[] arguments) => ProcessUnderTest.Start(
        Path.Combine(AppContext.BaseDirectory, "Pltfrms.Iam.Suite"),
        [
            "--data", dataFolder,
            "--token-http", $"{ports.TokenHttp}",
            "--token-grpc", $"{ports.TokenGrpc}",
            "--realm-admin-grpc", $"{ports.RealmAdminGrpc}",
            "--consent-grpc", $"{ports.ConsentGrpc}",
            "--consent-http", $"{ports.ConsentHttp}",
            .. arguments,
        ],
        new Dictionary<string, string?>
        {
            // Longer than the two seconds after which a realm is stale, shorter than a test should wait.
            ["Erasure__Quarantine"] = "00:00:02.5",
            ["Erasure__Interval"] = "00:00:00.2",
            // Where ASP.NET would put a key ring of its own.
            ["HOME"] = dataFolder,
        });

    private static GrpcChannel Open(int port) => GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
}

/// <summary>Where a suite listens.</summary>
internal sealed record SuitePorts
{
    public required int TokenHttp { get; init; }

    public required int TokenGrpc { get; init; }

    public required int RealmAdminGrpc { get; init; }

    public required int ConsentGrpc { get; init; }

    public required int ConsentHttp { get; init; }
}
