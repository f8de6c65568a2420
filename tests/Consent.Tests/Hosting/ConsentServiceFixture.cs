using Consent.Tests.Consents;
using Pltfrms.Iam.Common.Realms.Model;
using Testing;
using Token.Tests.Hosting;

namespace Consent.Tests.Hosting;

/// <summary>One consent service on SQLite for a test class, with two realms of the same content.</summary>
public sealed class ConsentServiceFixture : IAsyncLifetime
{
    private readonly SqliteConsentDatabase _database = new();

    public FakeClock Clock { get; } = new();

    internal TestRealmFeed Realms { get; } = new();

    internal Peers Peers { get; private set; } = null!;

    internal ConsentReplica Service { get; private set; } = null!;

    /// <summary>A user of the realm demo whom no other test knows.</summary>
    internal async Task<string> NewUserAsync()
    {
        var userId = Guid.CreateVersion7().ToString();
        await Service.ReachAsync("demo", Realms.Change("demo", new User { RealmId = "demo", UserId = userId }));
        return userId;
    }

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        Realms.Set("demo", ConsentRealm.Resources("demo"));
        Realms.Set("other", ConsentRealm.Resources("other"));
        Peers = await Peers.StartAsync();
        Service = await ConsentReplica.StartAsync(_database.Settings, Realms, Clock, Peers.Settings);
    }

    /// <summary>Adds or replaces resources of the realm demo, and waits until the service knows.</summary>
    internal Task ChangeAsync(params IRealmResource[] resources) => Service.ReachAsync("demo", Realms.Change("demo", resources));

    internal Task AddUserAsync(string userId) => ChangeAsync(new User { RealmId = "demo", UserId = userId });

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await Peers.DisposeAsync();
        await _database.DisposeAsync();
    }
}
