using Token.Tests.Hosting;

namespace Token.Tests.Dpop;

/// <summary>A <see cref="DpopBench"/> on SQLite for a test class.</summary>
public sealed class DpopFixture : IAsyncLifetime
{
    private readonly SqliteTokenDatabase _database = new();

    internal DpopBench Bench { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        Bench = await DpopBench.StartAsync(_database);
    }

    public async Task DisposeAsync()
    {
        await Bench.DisposeAsync();
        await _database.DisposeAsync();
    }
}
