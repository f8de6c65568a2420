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

    internal ConsentReplica Service { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        Realms.Set("demo", ConsentRealm.Resources("demo"));
        Realms.Set("other", ConsentRealm.Resources("other"));
        Service = await ConsentReplica.StartAsync(_database.Settings, Realms, Clock);
    }

    /// <summary>Adds or replaces resources of the realm demo, and waits until the service knows.</summary>
    internal Task ChangeAsync(params IRealmResource[] resources) => Service.ReachAsync("demo", Realms.Change("demo", resources));

    internal Task AddUserAsync(string userId) => ChangeAsync(new User { RealmId = "demo", UserId = userId });

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await _database.DisposeAsync();
    }
}
