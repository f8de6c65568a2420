using Pltfrms.Iam.Common.Storage;
using Testing;
using Testing.Databases;

namespace Common.Tests.Storage;

/// <summary>Migrations, each test on an empty database of its own.</summary>
public abstract class MigratorContract
{
    private const string VersionsSql = "select version, name, applied_at from schema_version order by version";
    private readonly FakeClock _clock = new();

    protected abstract TestDatabase NewDatabase();

    [StorageFact]
    public Task Migrations_are_applied_in_order_and_recorded() => OnNewDatabaseAsync(async fixture =>
    {
        await MigrateAsync(fixture.Database);

        await using var session = await fixture.Database.OpenAsync(CancellationToken.None);
        var versions = await session.QueryAsync<AppliedMigration>(VersionsSql, null, CancellationToken.None);
        Assert.Equal(
            [
                new AppliedMigration { Version = 1, Name = "samples", AppliedAt = "2026-01-01T12:00:00.0000000+00:00" },
                new AppliedMigration { Version = 2, Name = "sample_parts", AppliedAt = "2026-01-01T12:00:00.0000000+00:00" },
            ],
            versions);
        await Sample.New().InsertAsync(session);
    });

    [StorageFact]
    public Task Migrating_again_changes_nothing() => OnNewDatabaseAsync(async fixture =>
    {
        var sample = Sample.New();
        await MigrateAsync(fixture.Database);
        await using (var session = await fixture.Database.OpenAsync(CancellationToken.None))
        {
            await sample.InsertAsync(session);
        }

        _clock.Advance(TimeSpan.FromDays(1));
        await MigrateAsync(fixture.Database);

        await using var after = await fixture.Database.OpenAsync(CancellationToken.None);
        var versions = await after.QueryAsync<AppliedMigration>(VersionsSql, null, CancellationToken.None);
        Assert.Equal(["2026-01-01T12:00:00.0000000+00:00"], versions.Select(version => version.AppliedAt).Distinct());
        Assert.Equal(sample, await sample.FindAsync(after));
    });

    [StorageFact]
    public Task Eight_processes_that_migrate_at_once_all_succeed() => OnNewDatabaseAsync(async fixture =>
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            await using var database = fixture.Connect();
            await MigrateAsync(database);
        })));

        await using var session = await fixture.Database.OpenAsync(CancellationToken.None);
        var versions = await session.QueryAsync<AppliedMigration>(VersionsSql, null, CancellationToken.None);
        Assert.Equal([1, 2], versions.Select(version => version.Version));
    });

    [StorageFact]
    public Task A_migration_that_fails_leaves_the_database_as_it_was() => OnNewDatabaseAsync(async fixture =>
    {
        await using (var session = await fixture.Database.OpenAsync(CancellationToken.None))
        {
            await session.ExecuteAsync("create table sample_part (in_the_way text)", null, CancellationToken.None);
        }

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => MigrateAsync(fixture.Database));

        await using var after = await fixture.Database.OpenAsync(CancellationToken.None);
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(
            () => after.QueryAsync<AppliedMigration>(VersionsSql, null, CancellationToken.None));
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Sample.New().InsertAsync(after));
    });

    [StorageFact]
    public Task A_database_that_is_newer_than_the_program_is_refused() => OnNewDatabaseAsync(async fixture =>
    {
        await MigrateAsync(fixture.Database);
        await using (var session = await fixture.Database.OpenAsync(CancellationToken.None))
        {
            await session.ExecuteAsync(
                "insert into schema_version (version, name, applied_at) values (99, 'future', '')", null, CancellationToken.None);
        }

        var refusal = await Assert.ThrowsAsync<SchemaVersionException>(() => MigrateAsync(fixture.Database));

        Assert.Equal("The database has schema version 99, this program knows up to 2.", refusal.Message);
    });

    private Task MigrateAsync(IDatabase database) =>
        new Migrator(database, typeof(MigratorContract).Assembly, _clock).MigrateAsync(CancellationToken.None);

    private async Task OnNewDatabaseAsync(Func<TestDatabase, Task> test)
    {
        var fixture = NewDatabase();
        await fixture.InitializeAsync();
        try
        {
            await test(fixture);
        }
        finally
        {
            await fixture.DisposeAsync();
        }
    }

    private sealed record AppliedMigration
    {
        public required int Version { get; init; }

        public required string Name { get; init; }

        public required string AppliedAt { get; init; }
    }
}

public sealed class SqliteMigratorTests : MigratorContract
{
    protected override TestDatabase NewDatabase() => new EmptyDatabase();

    private sealed class EmptyDatabase() : SqliteTestDatabase(migrations: null);
}

[NeedsPostgres]
public sealed class PostgresMigratorTests : MigratorContract
{
    protected override TestDatabase NewDatabase() => new EmptyDatabase();

    private sealed class EmptyDatabase() : PostgresTestDatabase(migrations: null);
}
