using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Realms;
using Testing.Databases;

namespace RealmAdmin.Tests.Storage;

public abstract class RealmPositionStoreContract(TestDatabase fixture)
{
    private readonly RealmStore _realms = new();
    private readonly RealmPositionStore _store = new();
    private readonly string _realmId = Samples.NewRealmId();

    [StorageFact]
    public async Task The_positions_of_many_realms_come_in_one_answer_without_those_that_do_not_exist()
    {
        var other = await CreateTwoAsync();

        await using var session = await fixture.Database.OpenAsync(default);
        var positions = await _store.ListAsync(session, fixture.Database.Engine, [_realmId, other, "nobody"], default);

        Assert.Equal(
            new Dictionary<string, RealmPosition> { [_realmId] = new(1, Samples.Realm(_realmId).CreatedAt), [other] = new(0, Samples.Realm(other).CreatedAt) },
            positions);
    }

    [StorageFact]
    public async Task Their_sum_moves_with_every_write()
    {
        var before = await SumAsync();
        await CreateTwoAsync();
        var written = await SumAsync();
        var later = DateTimeOffset.UnixEpoch.AddYears(100);
        await WriteAsync(session => _realms.CreateAsync(session, Samples.Realm(Samples.NewRealmId()) with { CreatedAt = later }, default));
        var made = await SumAsync();
        await WriteAsync(async session =>
        {
            await _realms.DeleteAsync(session, _realmId, default);
            return 0;
        });
        var deleted = await SumAsync();

        Assert.Equal((before.Realms + 2, before.Revisions + 1), (written.Realms, written.Revisions));
        Assert.True(written.LatestAt >= Samples.Instant);
        Assert.Equal((written.Realms + 1, written.Revisions, true), (made.Realms, made.Revisions, made.LatestAt >= later));
        Assert.Equal(made with { Realms = made.Realms - 1, Revisions = made.Revisions - 1 }, deleted);
    }

    [StorageFact]
    public async Task Of_more_realms_than_asked_for_there_is_no_sum()
    {
        await CreateTwoAsync();
        var all = await SumAsync();

        await using var session = await fixture.Database.OpenAsync(default);

        Assert.Equal(all, await _store.SumAsync(session, (int)all.Realms, default));
        Assert.Null(await _store.SumAsync(session, (int)all.Realms - 1, default));
        Assert.Null(await _store.SumAsync(session, 0, default));
    }

    private async Task<RealmsSum> SumAsync()
    {
        await using var session = await fixture.Database.OpenAsync(default);
        return (await _store.SumAsync(session, 1_000_000, default))!;
    }

    /// <summary>The realm, at revision 1, and another at 0, which is returned.</summary>
    private async Task<string> CreateTwoAsync()
    {
        var other = Samples.NewRealmId();
        await WriteAsync(session => _realms.CreateAsync(session, Samples.Realm(_realmId), default));
        await WriteAsync(session => _realms.TakeRevisionAsync(session, _realmId, default));
        await WriteAsync(session => _realms.CreateAsync(session, Samples.Realm(other), default));
        return other;
    }

    private async Task WriteAsync<T>(Func<DatabaseSession, Task<T>> write)
    {
        await using var session = await fixture.Database.BeginWriteAsync(default);
        await write(session);
        await session.CommitAsync(default);
    }
}

public sealed class SqliteRealmPositionStoreTests(SqliteRealmAdminDatabase fixture)
    : RealmPositionStoreContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresRealmPositionStoreTests(PostgresRealmAdminDatabase fixture)
    : RealmPositionStoreContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
