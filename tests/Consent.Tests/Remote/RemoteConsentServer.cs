using System.Globalization;
using Testing;

namespace Consent.Tests.Remote;

/// <summary>The independent consent server of tests/node, as a process.</summary>
public sealed class RemoteConsentServer : IAsyncLifetime
{
    private const string Listening = "listening ";

    private ProcessUnderTest? _process;

    public string Address { get; private set; } = "";

    public async Task InitializeAsync()
    {
        if (NodeModules.SkipReason is not null)
        {
            return;
        }

        _process = ProcessUnderTest.Start(
            "node",
            [Path.Combine(AppContext.BaseDirectory, "remote-consent-server.mjs")],
            new Dictionary<string, string?> { ["NODE_MODULES"] = NodeModules.File("") });
        var line = await _process.WaitForLineAsync(Listening, TimeSpan.FromSeconds(30));
        Address = $"http://127.0.0.1:{int.Parse(line[Listening.Length..], CultureInfo.InvariantCulture)}";
    }

    public async Task DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }
}
