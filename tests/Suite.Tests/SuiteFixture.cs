using Testing;

namespace Suite.Tests;

/// <summary>A suite with the demo realm for a test class.</summary>
public sealed class SuiteFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    internal SuiteProcess Suite { get; private set; } = null!;

    public async Task InitializeAsync() => Suite = await SuiteProcess.StartAsync(_folder.File("data"));

    public async Task DisposeAsync()
    {
        await Suite.DisposeAsync();
        _folder.Dispose();
    }
}
