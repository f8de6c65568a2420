using Grpc.Core;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Audit;

/// <summary>WatchEvents over a real port.</summary>
public abstract class WatchEventsContract(TestDatabase fixture) : IAsyncLifetime
{
    private readonly string _realmId = Samples.NewRealmId();
    private RealmAdminServer _server = null!;

    public async Task InitializeAsync() => _server = await RealmAdminServer.StartAsync(fixture.Settings);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [StorageFact]
    public async Task What_was_comes_first_and_then_each_event_as_it_happens_here_or_elsewhere()
    {
        await using var replica = fixture.Connect();
        var elsewhere = new History(replica, _realmId);
        await elsewhere.FourRevisionsAsync();
        using var events = new EventWatcher(_server, _realmId);

        Assert.Equal(["1.0", "2.0", "2.1", "2.2", "3.0", "3.1", "3.2", "4.0", "4.1"], await events.NextAsync(9));

        await elsewhere.RolesAsync("x", "y");
        Assert.Equal(["5.0", "5.1"], await events.NextAsync(2));

        await _server.ImportAsync(_realmId, $"realm_id: {_realmId}\ndisplay_name: a");
        Assert.Equal(["6.0", "6.1", "6.2", "6.3", "6.4", "6.5", "6.6"], await events.NextAsync(7));
    }

    [StorageFact]
    public async Task A_watcher_goes_on_after_the_revision_that_it_has()
    {
        var history = new History(fixture.Database, _realmId);
        await history.FourRevisionsAsync();
        using var events = new EventWatcher(_server, _realmId, afterRevision: 3);
        using var ahead = new EventWatcher(_server, _realmId, afterRevision: 5);

        Assert.Equal(["4.0", "4.1"], await events.NextAsync(2));
        await history.RolesAsync("x");
        await history.RolesAsync("y");
        Assert.Equal(["5.0", "6.0"], await events.NextAsync(2));
        Assert.Equal(["6.0"], await ahead.NextAsync(1));
    }

    [StorageFact]
    public async Task A_slow_watcher_misses_nothing_and_holds_nobody_up()
    {
        var history = new History(fixture.Database, _realmId);
        await history.CreateAsync();
        using var slow = new EventWatcher(_server, _realmId);
        using var fast = new EventWatcher(_server, _realmId);
        List<string> written = ["1.0"];
        for (var revision = 2; revision <= 4; revision++)
        {
            await history.RolesAsync([.. Enumerable.Range(0, 150).Select(i => $"r{revision}-{i:d3}")]);
            written.AddRange(Enumerable.Range(0, 150).Select(i => $"{revision}.{i}"));
        }

        Assert.Equal(written, await fast.NextAsync(written.Count));
        Assert.Equal(written, await slow.NextAsync(written.Count));
    }

    [StorageFact]
    public async Task An_unknown_realm_is_not_found_and_a_removed_one_ends_its_streams()
    {
        using (var unknown = new EventWatcher(_server, _realmId))
        {
            Assert.Equal("REALM_NOT_FOUND", RichStatus.ReasonOf(await Assert.ThrowsAsync<RpcException>(() => unknown.NextAsync(1))));
        }

        await new History(fixture.Database, _realmId).CreateAsync();
        using var events = new EventWatcher(_server, _realmId);
        Assert.Equal(["1.0"], await events.NextAsync(1));
        await using (var session = await fixture.Database.BeginWriteAsync(default))
        {
            await session.ExecuteAsync("delete from realm where realm_id = @_realmId", new { _realmId }, default);
            await session.CommitAsync(default);
        }

        Assert.Equal("REALM_NOT_FOUND", RichStatus.ReasonOf(await Assert.ThrowsAsync<RpcException>(() => events.NextAsync(1))));
    }

    [StorageFact]
    public async Task Streams_end_when_the_service_stops()
    {
        await new History(fixture.Database, _realmId).CreateAsync();
        using var events = new EventWatcher(_server, _realmId);
        Assert.Equal(["1.0"], await events.NextAsync(1));

        await _server.StopAsync();

        Assert.True(await events.HasEndedAsync());
    }

    [StorageFact]
    public async Task Nobody_watches_without_a_credential()
    {
        using var call = new AuditService.AuditServiceClient(_server.Channel).WatchEvents(new() { RealmId = _realmId });

        var exception = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(default));

        Assert.Equal(StatusCode.Unauthenticated, exception.StatusCode);
    }

    private sealed class EventWatcher(RealmAdminServer server, string realmId, long afterRevision = 0) : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
        private readonly AsyncServerStreamingCall<WatchEventsResponse> _call = new AuditService.AuditServiceClient(server.Channel)
            .WatchEvents(new() { RealmId = realmId, AfterRevision = afterRevision }, RealmAdminServer.Operator);

        public async Task<IReadOnlyList<string>> NextAsync(int count)
        {
            using var patience = new CancellationTokenSource(Patience);
            List<string> found = [];
            while (found.Count < count && await _call.ResponseStream.MoveNext(patience.Token))
            {
                var next = _call.ResponseStream.Current.Event;
                found.Add($"{next.Revision}.{next.Ordinal}");
            }

            return found;
        }

        public async Task<bool> HasEndedAsync()
        {
            using var patience = new CancellationTokenSource(Patience);
            return !await _call.ResponseStream.MoveNext(patience.Token);
        }

        public void Dispose() => _call.Dispose();
    }
}

public sealed class SqliteWatchEventsTests(SqliteRealmAdminDatabase fixture) : WatchEventsContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresWatchEventsTests(PostgresRealmAdminDatabase fixture)
    : WatchEventsContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
