using Testing;

namespace Suite.Tests;

/// <summary>
/// A suite with the demo realm for a test class: starting one is dear. What its tests change they change back, or set up anew each,
/// for they run in any order.
/// </summary>
public sealed class SuiteFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    internal SuiteProcess Suite { get; private set; } = null!;

    public async Task InitializeAsync() => Suite = await SuiteProcess.StartAsync(_folder.File("data"));

    /// <summary>Starts the suite that a test has killed on its data and ports.</summary>
    internal async Task StartAgainAsync()
    {
        await Suite.DisposeAsync();
        Suite = await SuiteProcess.StartAsync(_folder.File("data"), Suite.Ports);
    }

    public async Task DisposeAsync()
    {
        await Suite.DisposeAsync();
        _folder.Dispose();
    }
}
