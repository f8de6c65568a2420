using Token.Tests.Hosting;

namespace Token.Tests.Authorization;

/// <summary>A <see cref="FlowBench"/> on SQLite for a test class.</summary>
public sealed class FlowFixture : IAsyncLifetime
{
    private readonly SqliteTokenDatabase _database = new();

    internal FlowBench Bench { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        Bench = await FlowBench.StartAsync(_database);
    }

    public async Task DisposeAsync()
    {
        await Bench.DisposeAsync();
        await _database.DisposeAsync();
    }
}
