using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Feed;
using Pltfrms.Iam.RealmAdmin.Realms;
using RealmAdmin.Tests.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Feed;

/// <summary>Polls that ask for little while nothing happens find what polls find that ask for everything.</summary>
public abstract class RealmPositionsContract(TestDatabase fixture)
{
    private readonly RealmStore _realms = new();
    private readonly RealmPositionStore _store = new();
    private readonly RealmPositions _positions = new(new());

    [StorageFact]
    public async Task Where_nothing_happens_nothing_is_read_again()
    {
        var realmIds = await CreateAsync(3);

        var first = await PollAsync(realmIds);
        var second = await PollAsync(realmIds);

        Assert.Same(first, second);
        Assert.Equal(await AllAsync(realmIds), second);
    }

    [StorageFact]
    public async Task Who_watches_few_of_many_realms_is_told_of_those_few()
    {
        var realmIds = await CreateAsync(6);
        ValueList<string> few = [realmIds[0]];
        for (long revision = 0; revision < 3; revision++)
        {
            var there = new Dictionary<string, RealmPosition> { [realmIds[0]] = new(revision, Samples.Instant) };
            Assert.Equal(there, await FindAsync(few));
            Assert.Equal(there, await FindAsync(few));
            await WriteAsync(session => _realms.TakeRevisionAsync(session, realmIds[0], default));
        }
    }

    [StorageFact]
    public async Task Each_kind_of_change_is_found_by_the_next_poll()
    {
        var realmIds = await CreateAsync(4);
        ValueList<string> watched = [.. realmIds, "not-yet"];
        await QuietAsync(watched);

        await WriteAsync(session => _realms.TakeRevisionAsync(session, realmIds[0], default));
        Assert.Equal(1, (await FoundAsync(watched))[realmIds[0]].Revision);
        await WriteAsync(session => _realms.DeleteAsync(session, realmIds[1], default));
        Assert.False((await FoundAsync(watched)).ContainsKey(realmIds[1]));

        // One goes and another comes, with the same revision.
        var newcomer = Samples.Realm(Samples.NewRealmId()) with { CreatedAt = Samples.Instant.AddMicroseconds(1) };
        watched = [.. watched, newcomer.RealmId];
        await QuietAsync(watched);
        await WriteAsync(async session =>
        {
            await _realms.DeleteAsync(session, realmIds[2], default);
            await _realms.CreateAsync(session, newcomer, default);
        });
        Assert.Equal(newcomer.CreatedAt, (await FoundAsync(watched))[newcomer.RealmId].CreatedAt);

        // Other realms are asked for.
        watched = [realmIds[3], realmIds[0]];
        Assert.Equal(2, (await FoundAsync(watched)).Count);
    }

    [StorageFact]
    public async Task A_database_that_went_back_is_found_out_after_it_had_failed()
    {
        var realmIds = await CreateAsync(2);
        await WriteAsync(session => _realms.TakeRevisionAsync(session, realmIds[0], default));
        await QuietAsync(realmIds);

        // The sum is the same: revisions of a restored database are other writes'.
        await WriteAsync(async session =>
        {
            await _realms.ReturnRevisionAsync(session, realmIds[0], default);
            await _realms.TakeRevisionAsync(session, realmIds[1], default);
        });
        _positions.Forget();

        Assert.Equal(await AllAsync(realmIds), await PollAsync(realmIds));
    }

    [StorageFact]
    public async Task A_sum_is_not_believed_for_ever()
    {
        var realmIds = await CreateAsync(2);
        await WriteAsync(session => _realms.TakeRevisionAsync(session, realmIds[0], default));
        var quiet = await QuietAsync(realmIds);
        await WriteAsync(async session =>
        {
            await _realms.ReturnRevisionAsync(session, realmIds[0], default);
            await _realms.TakeRevisionAsync(session, realmIds[1], default);
        });

        var found = quiet;
        for (var polls = 0; ReferenceEquals(found, quiet); polls++)
        {
            Assert.True(polls <= 50);
            found = await PollAsync(realmIds);
        }

        Assert.Equal(await AllAsync(realmIds), found);
    }

    /// <remarks>Transactions take their revisions in one order and commit in another; what is committed before a poll begins must be in it.</remarks>
    [StorageFact]
    public async Task Of_writes_that_race_none_that_is_committed_is_missing_in_the_next_poll()
    {
        var realmIds = await CreateAsync(6);
        using var stop = new CancellationTokenSource();
        var polling = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await PollAsync(realmIds);
            }
        });

        await Task.WhenAll(realmIds.Select((realmId, writer) => Task.Run(async () =>
        {
            var random = new Random(writer);
            for (var i = 0; i < 40; i++)
            {
                var revision = await WriteSlowlyAsync(realmId, random.Next(20));
                Assert.True((await PollAsync(realmIds))[realmId].Revision >= revision);
            }
        })));
        await stop.CancelAsync();
        await polling;

        var quiet = await QuietAsync(realmIds);
        Assert.Equal(await AllAsync(realmIds), quiet);
        Assert.All(quiet.Values, position => Assert.Equal(40, position.Revision));
    }

    private async Task<long> WriteSlowlyAsync(string realmId, int yields)
    {
        await using var session = await fixture.Database.BeginWriteAsync(default);
        var revision = await _realms.TakeRevisionAsync(session, realmId, default);
        for (var i = 0; i < yields; i++)
        {
            await Task.Yield();
        }

        await session.CommitAsync(default);
        return revision!.Value;
    }

    private async Task<ValueList<string>> CreateAsync(int count)
    {
        ValueList<string> realmIds = [.. Enumerable.Range(0, count).Select(_ => Samples.NewRealmId())];
        foreach (var realmId in realmIds)
        {
            await WriteAsync(session => _realms.CreateAsync(session, Samples.Realm(realmId), default));
        }

        return realmIds;
    }

    /// <summary>Polls until it asks for no more than it must.</summary>
    private async Task<IReadOnlyDictionary<string, RealmPosition>> QuietAsync(ValueList<string> realmIds)
    {
        var found = await PollAsync(realmIds);
        while (true)
        {
            var again = await PollAsync(realmIds);
            if (ReferenceEquals(again, found))
            {
                return again;
            }

            found = again;
        }
    }

    /// <summary>What one poll finds, which is everything; then it is quiet again.</summary>
    private async Task<IReadOnlyDictionary<string, RealmPosition>> FoundAsync(ValueList<string> realmIds)
    {
        var found = await PollAsync(realmIds);
        Assert.Equal(await AllAsync(realmIds), found);
        await QuietAsync(realmIds);
        return found;
    }

    /// <remarks>There are realms of other tests, and so that they are not too many more are asked for than there are.</remarks>
    private Task<IReadOnlyDictionary<string, RealmPosition>> PollAsync(ValueList<string> realmIds) =>
        FindAsync([.. realmIds, .. Enumerable.Range(0, 100).Select(i => $"nobody-{i}")]);

    private async Task<IReadOnlyDictionary<string, RealmPosition>> FindAsync(ValueList<string> realmIds)
    {
        await using var session = await fixture.Database.OpenAsync(default);
        return await _positions.FindAsync(session, fixture.Database.Engine, realmIds, default);
    }

    private async Task<IReadOnlyDictionary<string, RealmPosition>> AllAsync(ValueList<string> realmIds)
    {
        await using var session = await fixture.Database.OpenAsync(default);
        return await _store.ListAsync(session, fixture.Database.Engine, realmIds, default);
    }

    private async Task WriteAsync(Func<DatabaseSession, Task> write)
    {
        await using var session = await fixture.Database.BeginWriteAsync(default);
        await write(session);
        await session.CommitAsync(default);
    }
}

public sealed class SqliteRealmPositionsTests(SqliteRealmAdminDatabase fixture) : RealmPositionsContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresRealmPositionsTests(PostgresRealmAdminDatabase fixture) : RealmPositionsContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
