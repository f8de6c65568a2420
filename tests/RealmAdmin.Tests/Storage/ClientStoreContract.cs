using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Clients;
using Pltfrms.Iam.RealmAdmin.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Storage;

public abstract class ClientStoreContract(TestDatabase fixture) : ResourceStoreContract<Client>(fixture, new ClientStore())
{
    protected override Client Sample(string realmId, string id) => Samples.Client(realmId, id);

    protected override Client Changed(Client sample) => new()
    {
        RealmId = sample.RealmId,
        ClientId = sample.ClientId,
        ClientType = ClientType.Web,
        Secrets = [sample.Secrets[1] with { ExpiresAt = null }],
    };

    [StorageFact]
    public async Task Secrets_of_one_client_are_not_another_s()
    {
        var (first, second) = (Sample(RealmId, "first"), Sample(RealmId, "second") with { Secrets = [] });
        await WriteAsync(async session =>
        {
            await Store.UpsertAsync(session, first, default);
            await Store.UpsertAsync(session, second, default);
        });

        Assert.Equal(first.Secrets, (await FindAsync("first"))!.Secrets);
        Assert.Empty((await FindAsync("second"))!.Secrets);
    }
}

public sealed class SqliteClientStoreTests(SqliteRealmAdminDatabase fixture) : ClientStoreContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresClientStoreTests(PostgresRealmAdminDatabase fixture) : ClientStoreContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
