using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Realms;
using Testing.Databases;

namespace RealmAdmin.Tests.Storage;

public abstract class RealmStoreContract(TestDatabase fixture)
{
    private readonly RealmStore _store = new();
    private readonly string _realmId = Samples.NewRealmId();

    [StorageFact]
    public async Task A_realm_begins_at_revision_0_and_is_found_as_it_was()
    {
        Assert.Null(await FindAsync());

        Assert.True(await WriteAsync(session => _store.CreateAsync(session, Samples.Realm(_realmId), default)));

        Assert.Equal(Samples.Realm(_realmId), await FindAsync());
    }

    [StorageFact]
    public async Task Making_a_realm_that_exists_says_so_and_changes_nothing()
    {
        await WriteAsync(session => _store.CreateAsync(session, Samples.Realm(_realmId), default));

        Assert.False(await WriteAsync(session => _store.CreateAsync(session, new Realm { RealmId = _realmId }, default)));

        Assert.Equal(Samples.Realm(_realmId), await FindAsync());
    }

    [StorageFact]
    public async Task An_update_writes_everything_but_revision_and_creation()
    {
        await WriteAsync(session => _store.CreateAsync(session, Samples.Realm(_realmId), default));

        await WriteAsync(async session =>
        {
            await _store.UpdateAsync(session, new Realm { RealmId = _realmId, Revision = 99 }, default);
            return 0;
        });

        Assert.Equal(new Realm { RealmId = _realmId, CreatedAt = Samples.Instant }, await FindAsync());
    }

    [StorageFact]
    public async Task Revisions_count_up_and_an_unknown_realm_has_none()
    {
        Assert.Null(await WriteAsync(session => _store.TakeRevisionAsync(session, _realmId, default)));
        await WriteAsync(session => _store.CreateAsync(session, Samples.Realm(_realmId), default));

        Assert.Equal(1, await WriteAsync(session => _store.TakeRevisionAsync(session, _realmId, default)));
        Assert.Equal(2, await WriteAsync(session => _store.TakeRevisionAsync(session, _realmId, default)));
        Assert.Equal(2, (await FindAsync())!.Revision);
    }

    [StorageFact]
    public async Task Realms_are_listed_in_the_order_of_their_ids()
    {
        var ids = new[] { "-a", "-b", "a" }.Select(suffix => $"{_realmId}{suffix}").ToList();
        foreach (var id in ids)
        {
            await WriteAsync(session => _store.CreateAsync(session, Samples.Realm(id), default));
        }

        await using var session = await fixture.Database.OpenAsync(default);
        var page = await _store.ListAsync(session, new(_realmId, 3), default);

        Assert.Equal(ids, page.Select(realm => realm.RealmId));
        Assert.Equal(Samples.Realm(ids[0]), page[0]);
    }

    private async Task<Realm?> FindAsync()
    {
        await using var session = await fixture.Database.OpenAsync(default);
        return await _store.FindAsync(session, _realmId, default);
    }

    private async Task<T> WriteAsync<T>(Func<DatabaseSession, Task<T>> write)
    {
        await using var session = await fixture.Database.BeginWriteAsync(default);
        var result = await write(session);
        await session.CommitAsync(default);
        return result;
    }
}

public sealed class SqliteRealmStoreTests(SqliteRealmAdminDatabase fixture) : RealmStoreContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresRealmStoreTests(PostgresRealmAdminDatabase fixture) : RealmStoreContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
