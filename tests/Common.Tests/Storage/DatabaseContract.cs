using Pltfrms.Iam.Common.Storage;
using Testing.Databases;

namespace Common.Tests.Storage;

/// <summary>Sessions: what is kept, what is seen, and what a taken key throws.</summary>
public abstract class DatabaseContract(TestDatabase fixture)
{
    private IDatabase Database => fixture.Database;

    [StorageTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1_201)]
    public async Task A_statement_for_many_rows_writes_each_as_it_would_alone(int count)
    {
        var first = Sample.New();
        var samples = Enumerable.Range(0, count).Select(i => first with
        {
            Id = $"{i}",
            Label = $"label-{i}",
            HappenedAt = i % 2 == 0 ? null : new DateTimeOffset(2026, 3, 29, 14, 0, 0, TimeSpan.FromHours(2)).AddMicroseconds(i),
            Lifetime = i % 3 == 0 ? null : TimeSpan.FromSeconds(i),
            Names = i % 5 == 0 ? null : [$"ä-{i}", "{\"}"],
            Details = i % 7 == 0 ? null : new SampleDetails { DisplayName = $"{i}", Kind = SampleKind.Round },
            Hash = i % 11 == 0 ? null : [1, (byte)i],
            Kind = i % 13 == 0 ? null : SampleKind.Round,
            Enabled = i % 17 == 0 ? null : i % 2 == 0,
        }).ToList();

        await using (var session = await fixture.Database.BeginWriteAsync(default))
        {
            await Sample.InsertEachAsync(session, samples);
            await session.CommitAsync(default);
        }

        await using var reading = await fixture.Database.OpenAsync(default);
        Assert.Equal(count, await reading.QuerySingleOrDefaultAsync<long>("select count(1) from sample where realm_id = @RealmId", new { first.RealmId }, default));
        foreach (var sample in samples.Where((_, i) => i % 97 == 0 || i == count - 1))
        {
            var read = await sample.FindAsync(reading);
            Assert.Equal(sample.Hash, read!.Hash);
            Assert.Equal(sample with { Hash = null }, read with { Hash = null });
        }
    }

    [StorageFact]
    public async Task Of_many_rows_one_of_which_is_taken_none_is_written()
    {
        var first = Sample.New();
        await using (var session = await fixture.Database.BeginWriteAsync(default))
        {
            var samples = Enumerable.Range(0, 700).Select(i => first with { Id = $"{i % 699}", Label = $"label-{i}" });
            await Assert.ThrowsAsync<UniqueViolationException>(() => Sample.InsertEachAsync(session, samples));
        }

        await using var reading = await fixture.Database.OpenAsync(default);
        Assert.Null(await (first with { Id = "0" }).FindAsync(reading));
    }

    [StorageFact]
    public async Task A_committed_write_is_there_for_others()
    {
        var sample = Sample.New();
        await using (var session = await Database.BeginWriteAsync(CancellationToken.None))
        {
            await sample.InsertAsync(session);
            await session.CommitAsync(CancellationToken.None);
        }

        await using var other = fixture.Connect();
        await using var read = await other.OpenAsync(CancellationToken.None);
        Assert.Equal(sample, await sample.FindAsync(read));
    }

    [StorageFact]
    public async Task A_write_that_is_not_committed_leaves_nothing()
    {
        var sample = Sample.New();
        await using (var session = await Database.BeginWriteAsync(CancellationToken.None))
        {
            await sample.InsertAsync(session);
            Assert.NotNull(await sample.FindAsync(session));
        }

        await using var read = await Database.OpenAsync(CancellationToken.None);
        Assert.Null(await sample.FindAsync(read));
    }

    [StorageFact]
    public async Task A_write_session_that_was_left_by_an_exception_leaves_nothing_and_blocks_nobody()
    {
        var sample = Sample.New();
        await Assert.ThrowsAsync<UniqueViolationException>(async () =>
        {
            await using var session = await Database.BeginWriteAsync(CancellationToken.None);
            await sample.InsertAsync(session);
            await sample.InsertAsync(session);
        });

        await using var next = await Database.BeginWriteAsync(CancellationToken.None);
        Assert.Null(await sample.FindAsync(next));
    }

    [StorageFact]
    public async Task Others_do_not_see_a_write_before_its_commit()
    {
        var sample = Sample.New();
        await using var write = await Database.BeginWriteAsync(CancellationToken.None);
        await sample.InsertAsync(write);

        await using (var before = await Database.OpenAsync(CancellationToken.None))
        {
            Assert.Null(await sample.FindAsync(before));
        }

        await write.CommitAsync(CancellationToken.None);
        await using var after = await Database.OpenAsync(CancellationToken.None);
        Assert.Equal(sample, await sample.FindAsync(after));
    }

    [StorageFact]
    public async Task All_reads_of_a_read_session_see_one_state()
    {
        var first = Sample.New();
        var second = Sample.New();
        await using var read = await Database.BeginReadAsync(CancellationToken.None);
        Assert.Null(await first.FindAsync(read));

        await using (var write = await Database.BeginWriteAsync(CancellationToken.None))
        {
            await first.InsertAsync(write);
            await second.InsertAsync(write);
            await write.CommitAsync(CancellationToken.None);
        }

        Assert.Null(await first.FindAsync(read));
        Assert.Null(await second.FindAsync(read));
        await using var later = await Database.BeginReadAsync(CancellationToken.None);
        Assert.Equal(second, await second.FindAsync(later));
    }

    [StorageFact]
    public async Task A_session_without_transaction_cannot_be_committed()
    {
        await using var session = await Database.OpenAsync(CancellationToken.None);

        await Assert.ThrowsAsync<InvalidOperationException>(() => session.CommitAsync(CancellationToken.None));
    }

    [StorageFact]
    public async Task A_taken_primary_key_is_a_unique_violation()
    {
        var sample = Sample.New();
        await using var session = await Database.OpenAsync(CancellationToken.None);
        await sample.InsertAsync(session);

        var violation = await Assert.ThrowsAsync<UniqueViolationException>(
            () => (sample with { Label = "another" }).InsertAsync(session));

        var expected = Database.Engine == DatabaseEngine.Postgres ? "sample_pkey" : "sample.realm_id, sample.id";
        Assert.Equal(expected, violation.Constraint);
    }

    [StorageFact]
    public async Task A_taken_unique_index_is_a_unique_violation()
    {
        var sample = Sample.New();
        await using var session = await Database.OpenAsync(CancellationToken.None);
        await sample.InsertAsync(session);

        var violation = await Assert.ThrowsAsync<UniqueViolationException>(
            () => (sample with { Id = "second" }).InsertAsync(session));

        var expected = Database.Engine == DatabaseEngine.Postgres ? "sample_label" : "sample.realm_id, sample.label";
        Assert.Equal(expected, violation.Constraint);
    }

    [StorageFact]
    public async Task Foreign_keys_hold()
    {
        await using var session = await Database.OpenAsync(CancellationToken.None);

        var exception = await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => session.ExecuteAsync(
            "insert into sample_part (realm_id, id, part) values ('no-realm', 'no-sample', 'a')", null, CancellationToken.None));

        Assert.IsNotType<UniqueViolationException>(exception);
    }

    [StorageFact]
    public async Task Only_one_of_many_uses_a_single_use_row()
    {
        var sample = Sample.New();
        await using (var session = await Database.OpenAsync(CancellationToken.None))
        {
            await sample.InsertAsync(session);
        }

        var won = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            await using var session = await Database.BeginWriteAsync(CancellationToken.None);
            var rows = await session.QueryAsync<string>(
                "update sample set kind = 'Round' where realm_id = @RealmId and kind is null returning id", new { sample.RealmId }, CancellationToken.None);
            await session.CommitAsync(CancellationToken.None);
            return rows.Count;
        }));

        Assert.Equal(1, won.Sum());
    }

    [StorageFact]
    public async Task Writers_of_two_processes_wait_for_each_other()
    {
        await using var other = fixture.Connect();
        var samples = Enumerable.Range(0, 40).Select(_ => Sample.New()).ToArray();

        await Task.WhenAll(samples.Select((sample, i) => Task.Run(async () =>
        {
            await using var session = await (i % 2 == 0 ? Database : other).BeginWriteAsync(CancellationToken.None);
            Assert.Null(await sample.FindAsync(session));
            await sample.InsertAsync(session);
            await session.CommitAsync(CancellationToken.None);
        })));

        await using var read = await Database.BeginReadAsync(CancellationToken.None);
        foreach (var sample in samples)
        {
            Assert.Equal(sample, await sample.FindAsync(read));
        }
    }

    [StorageFact]
    public async Task A_cancelled_caller_gets_a_cancellation_and_no_lock()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Database.BeginWriteAsync(cancelled.Token));

        await using var next = await Database.BeginWriteAsync(CancellationToken.None);
        await Sample.New().InsertAsync(next);
        await next.CommitAsync(CancellationToken.None);
    }
}

public sealed class SqliteDatabaseTests(SqliteStorageDatabase fixture)
    : DatabaseContract(fixture), IClassFixture<SqliteStorageDatabase>;

[NeedsPostgres]
public sealed class PostgresDatabaseTests(PostgresStorageDatabase fixture)
    : DatabaseContract(fixture), IClassFixture<PostgresStorageDatabase>;
