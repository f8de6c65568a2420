using System.Globalization;
using Grpc.Core;
using Pltfrms.Iam.Token.Tokens.Revocation;
using Testing.Databases;
using Token.Tests.Hosting;

namespace Token.Tests.Feeds;

public abstract class WatchRevocationsContract(TestDatabase database) : IAsyncLifetime
{
    private FeedService _service = null!;

    public async Task InitializeAsync()
    {
        await database.InitializeAsync();
        _service = await FeedService.StartAsync(database);
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        await database.DisposeAsync();
    }

    [StorageFact]
    public async Task Who_begins_gets_what_is_revoked_and_then_what_is_being_revoked()
    {
        var before = await RevokeAsync();
        using var watcher = Watch();
        watcher.Connect();
        await watcher.HearAsync(before);
        Assert.Equal(1, watcher.Lists);

        var after = await RevokeAsync();
        await watcher.HearAsync(after);

        Assert.True(watcher.Revoked.SetEquals([before, after]));
        Assert.Equal(1, watcher.Lists);
    }

    [StorageFact]
    public async Task A_cut_stream_goes_on_after_its_sequence()
    {
        using var watcher = Watch();
        watcher.Connect();
        await watcher.HearAsync(await RevokeAsync());
        watcher.Dispose();
        var missed = await RevokeAsync();

        watcher.Connect();
        await watcher.HearAsync(missed);

        Assert.Equal(1, watcher.Lists);
    }

    [StorageFact]
    public async Task What_another_replica_revoked_comes_too()
    {
        using var watcher = Watch();
        watcher.Connect();
        await watcher.BeatAsync();

        await using (var session = await database.Database.BeginWriteAsync(CancellationToken.None))
        {
            var expiresAt = TimeProvider.System.GetUtcNow().AddHours(1);
            await new RevocationStore().AddAsync(session, TestRealm.Id, "revoked-elsewhere", expiresAt, TimeProvider.System.GetUtcNow(), CancellationToken.None);
            await session.CommitAsync(CancellationToken.None);
        }

        await watcher.HearAsync("revoked-elsewhere");
    }

    [StorageFact]
    public async Task A_database_that_went_back_brings_everything_anew()
    {
        using var watcher = Watch();
        watcher.Connect();
        await watcher.HearAsync(await RevokeAsync());
        await watcher.BeatAsync();
        Assert.Equal(1, watcher.Lists);

        await using (var session = await database.Database.OpenAsync(CancellationToken.None))
        {
            await session.ExecuteAsync("update revocation_head set sequence = sequence - 5", new { }, CancellationToken.None);
        }

        while (watcher.Lists < 2)
        {
            await watcher.NextAsync();
        }

        // Who comes back with what it had in the other life gets everything too.
        using var returning = _service.Feed.WatchRevocations(new() { RealmId = TestRealm.Id, AfterSequence = watcher.Sequence + 5 }, TokenReplica.Operator);
        Assert.True(await returning.ResponseStream.MoveNext(CancellationToken.None));
        Assert.True(returning.ResponseStream.Current.Batch.First);
    }

    [StorageFact]
    public async Task A_long_list_comes_in_batches()
    {
        await using (var session = await database.Database.BeginWriteAsync(CancellationToken.None))
        {
            var now = TimeProvider.System.GetUtcNow();
            for (var i = 0; i < 2500; i++)
            {
                await new RevocationStore().AddAsync(session, TestRealm.Id, i.ToString(CultureInfo.InvariantCulture), now.AddHours(1), now, CancellationToken.None);
            }

            await session.CommitAsync(CancellationToken.None);
        }

        using var watcher = Watch();
        watcher.Connect();
        var batches = new List<(int Count, bool First, bool More)>();
        while (batches is not [.., (_, _, false)])
        {
            var batch = (await watcher.NextAsync()).Batch;
            batches.Add((batch.Revocations.Count, batch.First, batch.More));
        }

        Assert.Equal([(1000, true, true), (1000, false, true), (500, false, false)], batches);
        Assert.Equal(2500, watcher.Revoked.Count);
    }

    [StorageFact]
    public async Task Who_may_not_introspect_hears_nothing()
    {
        var powerless = await _service.Replica.IssueAsync(TestRealm.Id, "demo-service", TestRealm.ServiceSecret);
        using var watcher = new WatchedRevocations(_service.Feed, TokenReplica.Bearer(powerless), TestRealm.Id);
        watcher.Connect();

        Assert.Equal(StatusCode.PermissionDenied, (await watcher.EndAsync()).StatusCode);
    }

    private WatchedRevocations Watch() => new(_service.Feed, TokenReplica.Operator, TestRealm.Id);

    /// <summary>Revokes a token; its id.</summary>
    private async Task<string> RevokeAsync()
    {
        var token = await _service.Replica.IssueAsync(TestRealm.Id, "demo-service", TestRealm.ServiceSecret);
        var known = await _service.Replica.Tokens.IntrospectTokenAsync(new() { RealmId = TestRealm.Id, Token = token }, TokenReplica.Operator);
        await _service.Replica.Tokens.RevokeTokenAsync(new() { RealmId = TestRealm.Id, Token = token }, TokenReplica.Operator);
        return known.TokenId;
    }
}

public sealed class SqliteWatchRevocationsTests() : WatchRevocationsContract(new SqliteTokenDatabase());

[NeedsPostgres]
public sealed class PostgresWatchRevocationsTests() : WatchRevocationsContract(new PostgresTokenDatabase());
