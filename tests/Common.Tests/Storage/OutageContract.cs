using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Errors.V1;
using Testing.Databases;

namespace Common.Tests.Storage;

/// <summary>An outage is STORAGE_UNAVAILABLE at every call of the seam, and over as soon as the database is back.</summary>
public abstract class OutageContract(TestDatabase fixture)
{
    private IDatabase Database => fixture.Database;

    [StorageFact]
    public async Task Every_way_to_open_a_session_says_unavailable_and_works_again_after_the_outage()
    {
        var sample = Sample.New();
        await WriteAsync(sample);

        fixture.Stop();
        await AssertUnavailableAsync(() => Database.OpenAsync(CancellationToken.None));
        await AssertUnavailableAsync(() => Database.BeginReadAsync(CancellationToken.None));
        await AssertUnavailableAsync(() => Database.BeginWriteAsync(CancellationToken.None));
        await AssertUnavailableAsync(() => Database.BeginMigrationAsync(CancellationToken.None));
        fixture.Start();

        await using (var session = await Database.OpenAsync(CancellationToken.None))
        {
            Assert.Equal(sample, await sample.FindAsync(session));
        }

        await WriteAsync(Sample.New());
    }

    [StorageFact]
    public async Task The_message_for_the_caller_names_neither_host_nor_file()
    {
        fixture.Stop();
        var exception = await AssertUnavailableAsync(() => Database.OpenAsync(CancellationToken.None));
        fixture.Start();

        Assert.Equal("The database does not answer.", exception.Message);
        Assert.NotNull(exception.InnerException);
    }

    /// <remarks>A session may open on a pooled connection; then its first statement finds out.</remarks>
    private static async Task<IamException> AssertUnavailableAsync(Func<Task<DatabaseSession>> open)
    {
        var exception = await Assert.ThrowsAsync<IamException>(async () =>
        {
            await using var session = await open();
            await session.QueryAsync<string>("select id from sample", null, CancellationToken.None);
        });
        Assert.Equal(ErrorReason.StorageUnavailable, exception.Reason);
        return exception;
    }

    private async Task WriteAsync(Sample sample)
    {
        await using var session = await Database.BeginWriteAsync(CancellationToken.None);
        await sample.InsertAsync(session);
        await session.CommitAsync(CancellationToken.None);
    }
}

public sealed class SqliteOutageTests(SqliteStorageDatabase fixture)
    : OutageContract(fixture), IClassFixture<SqliteStorageDatabase>
{
    [Theory]
    [InlineData("this is no database, but it is long enough to be looked at by SQLite as if it were one, which takes a hundred bytes or more")]
    [InlineData("short")]
    public async Task A_corrupt_file_is_a_fault_and_is_left_as_it_is(string content)
    {
        using var folder = new Testing.TemporaryFolder();
        var file = folder.File("corrupt.db");
        await File.WriteAllTextAsync(file, content);
        await using var database = new SqliteDatabase(file);

        var exception = await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(
            () => database.BeginWriteAsync(CancellationToken.None));

        Assert.Equal(26, exception.SqliteErrorCode);
        Assert.Equal(content, await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task A_missing_folder_is_an_outage()
    {
        using var folder = new Testing.TemporaryFolder();
        await using var database = new SqliteDatabase(folder.File("missing/iam.db"));

        var exception = await Assert.ThrowsAsync<IamException>(() => database.OpenAsync(CancellationToken.None));

        Assert.Equal(ErrorReason.StorageUnavailable, exception.Reason);
    }
}

[NeedsPostgres]
public sealed class PostgresOutageTests(PostgresStorageDatabase fixture)
    : OutageContract(fixture), IClassFixture<PostgresStorageDatabase>
{
    [StorageFact]
    public async Task A_connection_that_breaks_within_a_session_is_an_outage_and_the_session_can_be_left()
    {
        var sample = Sample.New();
        await Assert.ThrowsAsync<IamException>(async () =>
        {
            await using var session = await fixture.Database.BeginWriteAsync(CancellationToken.None);
            await sample.InsertAsync(session);
            fixture.Stop();
            var exception = await Assert.ThrowsAsync<IamException>(() => session.CommitAsync(CancellationToken.None));
            Assert.Equal(ErrorReason.StorageUnavailable, exception.Reason);
            throw exception;
        });
        fixture.Start();

        await using var after = await fixture.Database.OpenAsync(CancellationToken.None);
        Assert.Null(await sample.FindAsync(after));
    }

    [StorageFact]
    public async Task A_server_that_is_shut_down_under_a_session_is_an_outage()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var database = new PostgresDatabase(server.ConnectionString("postgres"));
        await using var session = await database.BeginWriteAsync(CancellationToken.None);
        await session.ExecuteAsync("create table survivor (id text)", null, CancellationToken.None);

        await server.StopServerAsync();
        var during = await Assert.ThrowsAsync<IamException>(() => session.ExecuteAsync("select 1", null, CancellationToken.None));
        var fresh = await Assert.ThrowsAsync<IamException>(() => database.OpenAsync(CancellationToken.None));
        await server.StartServerAsync();

        Assert.Equal(ErrorReason.StorageUnavailable, during.Reason);
        Assert.Equal(ErrorReason.StorageUnavailable, fresh.Reason);
        await using var after = await database.OpenAsync(CancellationToken.None);
        Assert.Equal(1, await after.QuerySingleOrDefaultAsync<int>("select 1", null, CancellationToken.None));
    }
}
