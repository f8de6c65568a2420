using Token.Tests.Authorization;
using Token.Tests.Hosting;

namespace Token.Tests.OAuth.Advertised;

/// <summary>Reads a realm's metadata and calls everything that it advertises, and then what it does not: nothing else answers.</summary>
public abstract class AdvertisedTests(FlowFixture fixture) : IClassFixture<FlowFixture>, IAsyncLifetime
{
    protected const string OwnIssuer = "http://login.own.example";

    private readonly Dictionary<string, AdvertisedServer> _servers = [];

    public static TheoryData<string> Realms => ["demo", "own"];

    private protected FlowBench Bench => fixture.Bench;

    public async Task InitializeAsync()
    {
        Bench.Consent.KnowsTheAnswer = true;
        foreach (var (realmId, issuer, hostName) in new[] { ("demo", FlowBench.Issuer, null), ("own", OwnIssuer, "login.own.example") })
        {
            if (realmId == "own")
            {
                Bench.Realms.Set(realmId, TestRealm.Resources(realmId));
            }

            var revision = Bench.Realms.Change(realmId, AdvertisedRealm.Changes(realmId, hostName));
            await Bench.One.ReachAsync(realmId, revision);
            _servers[realmId] = await AdvertisedServer.FindAsync(Bench, realmId, issuer);
        }
    }

    public Task DisposeAsync()
    {
        foreach (var server in _servers.Values)
        {
            server.Dispose();
        }

        return Task.CompletedTask;
    }

    private protected AdvertisedServer Server(string realmId) => _servers[realmId];
}
