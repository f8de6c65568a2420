using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.ResourceServers;
using Pltfrms.Iam.RealmAdmin.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Storage;

public abstract class ResourceServerStoreContract(TestDatabase fixture) : ResourceStoreContract<ResourceServer>(fixture, new ResourceServerStore())
{
    protected override IReadOnlyList<string> Ids => ["https://a", "https://a/b", "https://b", "urn:A", "urn:a"];

    protected override ResourceServer Sample(string realmId, string id) =>
        Samples.ResourceServer(realmId, id, [.. new[] { "read", "write" }.Select(verb => $"p{Ids.ToList().IndexOf(id)}.{verb}")]);

    protected override ResourceServer Changed(ResourceServer sample) =>
        new() { RealmId = sample.RealmId, Audience = sample.Audience, Permissions = [new() { Name = "other.read" }, sample.Permissions[1]] };

    [StorageFact]
    public async Task A_permission_of_another_resource_server_is_taken()
    {
        await WriteAsync(session => Store.UpsertAsync(session, Samples.ResourceServer(RealmId, "urn:one", "a.read"), default));

        await Assert.ThrowsAsync<UniqueViolationException>(() =>
            WriteAsync(session => Store.UpsertAsync(session, Samples.ResourceServer(RealmId, "urn:two", "a.read"), default)));

        Assert.Null(await FindAsync("urn:two"));
    }
}

public sealed class SqliteResourceServerStoreTests(SqliteRealmAdminDatabase fixture) : ResourceServerStoreContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresResourceServerStoreTests(PostgresRealmAdminDatabase fixture) : ResourceServerStoreContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
