using Microsoft.Extensions.DependencyInjection;
using Pltfrms.Iam.RealmAdmin.Registration;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Registration;

/// <summary>Clients that were registered and never used do not stay for ever.</summary>
public abstract class UnusedClientContract(TestDatabase fixture) : IAsyncLifetime
{
    private const string Monthly = "mode: open, unused_lifetime: 30d";
    private const string Public = """{"redirect_uris":["https://app.example.com/cb"],"token_endpoint_auth_method":"none"}""";

    private RealmAdminServer _server = null!;
    private RegistrationCalls _calls = null!;

    public async Task InitializeAsync()
    {
        _server = await RealmAdminServer.StartAsync(fixture.Settings);
        _calls = new RegistrationCalls(_server);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [StorageFact]
    public async Task What_got_no_token_for_as_long_as_the_realm_allows_goes_and_all_else_stays()
    {
        var (realmId, lenient) = (await _calls.NewRealmAsync(Monthly), await _calls.NewRealmAsync("mode: open"));
        var (unused, used, fresh, patient) = (await RegisterAsync(realmId), await RegisterAsync(realmId), await RegisterAsync(realmId), await RegisterAsync(lenient));
        await AgeAsync(realmId, unused, days: 31);
        await AgeAsync(realmId, used, days: 31);
        await AgeAsync(realmId, fresh, days: 29);
        await AgeAsync(lenient, patient, days: 3000);
        // A client that administrators made, and one that there is not, are passed over.
        await _calls.Admin.CallAsync(new RecordClientUseRequest { RealmId = realmId, ClientIds = { used, "api", "nobody" } });

        await _server.Services.GetRequiredService<RemoveUnusedClients>().RunAsync(default);

        Assert.Equal(new[] { "api", fresh, used }.Order(StringComparer.Ordinal), await ClientsAsync(realmId));
        Assert.Contains(patient, await ClientsAsync(lenient));
        var gone = (await _calls.Admin.CallAsync<ListEventsResponse>(new ListEventsRequest { RealmId = realmId, PageSize = 1 })).Events[0];
        Assert.Equal((ChangeKind.Delete, unused, "service", "realm-admin"), (gone.ChangeKind, gone.ResourceId, gone.Actor.ActorKind, gone.Actor.ActorId));
    }

    [StorageFact]
    public async Task A_use_that_is_told_late_does_not_make_a_client_older()
    {
        var realmId = await _calls.NewRealmAsync(Monthly);
        var id = await RegisterAsync(realmId);
        await AgeAsync(realmId, id, days: -1);

        await _calls.Admin.CallAsync(new RecordClientUseRequest { RealmId = realmId, ClientIds = { id, id } });

        await using var session = await fixture.Database.BeginReadAsync(default);
        Assert.False(await new RegistrationStore().IsUnusedAsync(session, realmId, id, TimeProvider.System.GetUtcNow().AddHours(1), default));
    }

    [StorageFact]
    public async Task Telling_of_uses_is_no_change_of_the_realm()
    {
        var realmId = await _calls.NewRealmAsync(Monthly);
        var id = await RegisterAsync(realmId);

        await _calls.Admin.CallAsync(new RecordClientUseRequest { RealmId = realmId, ClientIds = { id } });

        Assert.Equal(2, (await _calls.Admin.CallAsync<ListClientsResponse>(new ListClientsRequest { RealmId = realmId })).Revision);
        var many = new RecordClientUseRequest { RealmId = realmId };
        many.ClientIds.AddRange(Enumerable.Range(0, 1001).Select(i => $"c{i}"));
        Assert.Equal("INVALID_ARGUMENT", (await _calls.RefusalAsync(many)).Reason);
        Assert.Equal("REALM_NOT_FOUND", (await _calls.RefusalAsync(new RecordClientUseRequest { RealmId = Samples.NewRealmId() })).Reason);
    }

    private async Task<string> RegisterAsync(string realmId) => (await _calls.RegisterAsync(realmId, Public)).Client.ClientId;

    private async Task<IEnumerable<string>> ClientsAsync(string realmId) =>
        (await _calls.Admin.CallAsync<ListClientsResponse>(new ListClientsRequest { RealmId = realmId })).Clients.Select(client => client.ClientId);

    private async Task AgeAsync(string realmId, string clientId, int days)
    {
        await using var session = await fixture.Database.BeginWriteAsync(default);
        var usedAt = TimeProvider.System.GetUtcNow().AddDays(-days);
        Assert.Equal(1, await session.ExecuteAsync(
            "update client_registration set used_at = @usedAt where realm_id = @realmId and client_id = @clientId", new { realmId, clientId, usedAt }, default));
        await session.CommitAsync(default);
    }
}

public sealed class SqliteUnusedClientTests(SqliteRealmAdminDatabase fixture)
    : UnusedClientContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresUnusedClientTests(PostgresRealmAdminDatabase fixture)
    : UnusedClientContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
