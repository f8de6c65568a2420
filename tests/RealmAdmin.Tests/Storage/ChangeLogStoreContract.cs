using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.RealmAdmin.Changes;
using Testing.Databases;

namespace RealmAdmin.Tests.Storage;

public abstract class ChangeLogStoreContract(TestDatabase fixture)
{
    private readonly ChangeLogStore _store = new();
    private readonly string _realmId = Samples.NewRealmId();

    [StorageFact]
    public async Task Rows_are_listed_as_they_were_in_the_order_of_revisions()
    {
        var (role, group) = (Samples.Role(_realmId, "r"), Samples.Group(_realmId, "g"));
        ChangeLogRow[] rows =
        [
            ChangeLogRows.Of(_realmId, 1, 0, role) with { StateAfter = null, StateBefore = "{\"a\":\"ö\"}" },
            ChangeLogRows.Of(_realmId, 1, 1, group),
            ChangeLogRows.Of(_realmId, 2, 0, role),
        ];
        await AppendAsync([rows[2], rows[1], rows[0]]);

        await using var session = await fixture.Database.OpenAsync(default);
        Assert.Equal(rows, await _store.ListAsync(session, _realmId, EventPosition.After(0), 10, default));
        Assert.Equal([rows[2]], await _store.ListAsync(session, _realmId, EventPosition.After(1), 10, default));
        Assert.Equal([rows[0]], await _store.ListAsync(session, _realmId, EventPosition.After(0), 1, default));
    }

    [StorageFact]
    public async Task A_resource_that_changed_often_is_named_once()
    {
        var (role, group) = (Samples.Role(_realmId, "x"), Samples.Group(_realmId, "x"));
        await AppendAsync(
            [ChangeLogRows.Of(_realmId, 4, 0, role), ChangeLogRows.Of(_realmId, 5, 0, role), ChangeLogRows.Of(_realmId, 5, 1, group)]);

        await using var session = await fixture.Database.OpenAsync(default);
        Assert.Equal(
            [(ResourceKind.Group, "x"), (ResourceKind.Role, "x")], await _store.ListChangedAsync(session, _realmId, 3, 10, default));
        Assert.Equal([(ResourceKind.Group, "x")], await _store.ListChangedAsync(session, _realmId, 3, 1, default));
        Assert.Empty(await _store.ListChangedAsync(session, _realmId, 5, 10, default));
        Assert.Empty(await _store.ListChangedAsync(session, Samples.NewRealmId(), 0, 10, default));
    }

    [StorageFact]
    public async Task The_first_revision_is_the_oldest_row_s()
    {
        await AppendAsync([ChangeLogRows.Of(_realmId, 7, 0, Samples.Role(_realmId, "r")), ChangeLogRows.Of(_realmId, 9, 0, Samples.Role(_realmId, "r"))]);

        await using var session = await fixture.Database.OpenAsync(default);
        Assert.Equal(7, await _store.FirstRevisionAsync(session, _realmId, default));
        Assert.Null(await _store.FirstRevisionAsync(session, Samples.NewRealmId(), default));
    }

    private async Task AppendAsync(IReadOnlyList<ChangeLogRow> rows)
    {
        await using var session = await fixture.Database.BeginWriteAsync(default);
        await _store.AppendAsync(session, rows, default);
        await session.CommitAsync(default);
    }
}

public sealed class SqliteChangeLogStoreTests(SqliteRealmAdminDatabase fixture)
    : ChangeLogStoreContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresChangeLogStoreTests(PostgresRealmAdminDatabase fixture)
    : ChangeLogStoreContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
