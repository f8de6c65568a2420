using Testing;

namespace Token.Tests.Hosting;

/// <summary>One token service on SQLite for a test class, with two realms of the same content.</summary>
public sealed class TokenServiceFixture : IAsyncLifetime
{
    private readonly SqliteTokenDatabase _database = new();

    public FakeClock Clock { get; } = new();

    internal TestRealmFeed Realms { get; } = new();

    internal TokenReplica Service { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        Realms.Set(TestRealm.Id, TestRealm.Resources(TestRealm.Id));
        Realms.Set("other", TestRealm.Resources("other"));
        Service = await TokenReplica.StartAsync(_database.Settings, Realms, Clock);
    }

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await _database.DisposeAsync();
    }
}
