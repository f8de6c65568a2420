using Grpc.Core;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Feed;

/// <summary>No heartbeat is sent that the database did not confirm, and the stream goes on by itself.</summary>
public abstract class WatchOutageContract(TestDatabase fixture)
{
    [StorageFact]
    public async Task Heartbeats_stop_with_the_database_and_come_back_with_it()
    {
        await using var server = await RealmAdminServer.StartAsync(fixture.Settings);
        await server.ImportAsync("r", "realm_id: r");
        using var watcher = new Watcher(server, "r");
        await watcher.SnapshotAsync();
        await watcher.HeartbeatAsync();

        fixture.Stop();
        var down = TimeProvider.System.GetUtcNow();
        await Task.Delay(2_000);
        var back = TimeProvider.System.GetUtcNow();
        fixture.Start();

        // Those that were on their way when the database went are of the time before.
        var heartbeat = await watcher.HeartbeatAsync();
        while (heartbeat.AsOfTime.ToDateTimeOffset() <= down)
        {
            heartbeat = await watcher.HeartbeatAsync();
        }

        // A poll may have begun just before the database was back, none that began in the midst of the outage was answered.
        Assert.True(heartbeat.AsOfTime.ToDateTimeOffset() > back - TimeSpan.FromSeconds(1), "a heartbeat during the outage");
        Assert.Equal(1, heartbeat.Revision);
        await server.ImportAsync("r", "realm_id: r\ndisplay_name: R");
        Assert.Equal(2, (await watcher.DeltaAsync()).Revision);
    }

    [StorageFact]
    public async Task Confirmations_stop_with_the_database_and_come_back_with_it()
    {
        await using var server = await RealmAdminServer.StartAsync(fixture.Settings);
        await server.ImportAsync("s", "realm_id: s");
        using var call = server.Feed.ConfirmRealms(RealmAdminServer.Operator);
        await call.RequestStream.WriteAsync(new() { Followed = { new FollowedRealm { FollowId = 1, RealmId = "s" } } });
        while ((await NextAsync(call.ResponseStream)).Moved.Count == 0)
        {
        }

        fixture.Stop();
        var down = TimeProvider.System.GetUtcNow();
        await Task.Delay(2_000);
        var back = TimeProvider.System.GetUtcNow();
        fixture.Start();

        var beat = await NextAsync(call.ResponseStream);
        while (beat.AsOfTime is null || beat.AsOfTime.ToDateTimeOffset() <= down)
        {
            beat = await NextAsync(call.ResponseStream);
        }

        Assert.True(beat.AsOfTime.ToDateTimeOffset() > back - TimeSpan.FromSeconds(1), "a beat during the outage");
        Assert.Empty(beat.Moved);
        await server.ImportAsync("s", "realm_id: s\ndisplay_name: S");
        while ((beat = await NextAsync(call.ResponseStream)).Moved.Count == 0)
        {
        }

        Assert.Equal(2, Assert.Single(beat.Moved).Revision);
    }

    private static async Task<ConfirmRealmsResponse> NextAsync(IAsyncStreamReader<ConfirmRealmsResponse> responses)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        Assert.True(await responses.MoveNext(patience.Token));
        return responses.Current;
    }
}

public sealed class SqliteWatchOutageTests(SqliteRealmAdminDatabase fixture) : WatchOutageContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresWatchOutageTests(StoppablePostgresRealmAdminDatabase fixture)
    : WatchOutageContract(fixture), IClassFixture<StoppablePostgresRealmAdminDatabase>;
