using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Organizations;
using Pltfrms.Iam.RealmAdmin.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Storage;

public abstract class OrganizationStoreContract(TestDatabase fixture) : ResourceStoreContract<Organization>(fixture, new OrganizationStore())
{
    protected override Organization Sample(string realmId, string id) => Samples.Organization(realmId, id);

    protected override Organization Changed(Organization sample) =>
        new() { RealmId = sample.RealmId, OrganizationId = sample.OrganizationId, ParentOrganizationId = sample.OrganizationId };

    [StorageFact]
    public async Task An_organization_above_that_does_not_exist_is_found_at_commit_and_nothing_is_kept()
    {
        await Assert.ThrowsAnyAsync<Exception>(() =>
            WriteAsync(session => Store.UpsertAsync(session, Samples.Organization(RealmId, "below", parent: "nobody"), default)));

        Assert.Null(await FindAsync("below"));
    }

    [StorageFact]
    public async Task Organizations_may_be_written_before_those_above_them()
    {
        await WriteAsync(async session =>
        {
            await Store.UpsertAsync(session, Samples.Organization(RealmId, "below", parent: "above"), default);
            await Store.UpsertAsync(session, Samples.Organization(RealmId, "above"), default);
        });

        Assert.Equal("above", (await FindAsync("below"))!.ParentOrganizationId);
    }
}

public sealed class SqliteOrganizationStoreTests(SqliteRealmAdminDatabase fixture) : OrganizationStoreContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresOrganizationStoreTests(PostgresRealmAdminDatabase fixture) : OrganizationStoreContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
