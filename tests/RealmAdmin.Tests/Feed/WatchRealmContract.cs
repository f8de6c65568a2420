using Grpc.Core;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.RealmAdmin.V1;
using Google.Protobuf.WellKnownTypes;
using RealmAdmin.Tests.Documents;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Feed;

/// <summary>The stream over a real port, on each engine.</summary>
public abstract class WatchRealmContract(TestDatabase fixture) : IAsyncLifetime
{
    private readonly string _realmId = Samples.NewRealmId();
    private RealmAdminServer _server = null!;

    public async Task InitializeAsync() => _server = await RealmAdminServer.StartAsync(fixture.Settings);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [StorageFact]
    public async Task A_watcher_gets_the_whole_realm_with_hashes_and_then_heartbeats()
    {
        await _server.ImportAsync("demo", DemoRealm.Document);
        using var watcher = new Watcher(_server, "demo");

        var (snapshot, parts) = await watcher.SnapshotAsync();

        Assert.Equal(1, parts);
        Assert.Equal(
            ["realm", "organization", "client", "resource_server", "role", "group", "user", "role_binding"],
            snapshot.Resources.Select(KindOf).Distinct());
        Assert.Equal(24, snapshot.Resources.Count);
        var service = snapshot.Resources.Single(resource => resource.Client?.Client.ClientId == "demo-service").Client;
        Assert.Equal(
            System.Security.Cryptography.SHA256.HashData("demo-service-secret-0123456789abcdef"u8),
            Assert.Single(service.HashedSecrets).Sha256.ToByteArray());
        var (first, second) = (await watcher.HeartbeatAsync(), await watcher.HeartbeatAsync());
        Assert.Equal(snapshot.Revision, first.Revision);
        Assert.Equal(snapshot.Revision, second.Revision);
        Assert.True(snapshot.AsOfTime <= first.AsOfTime && first.AsOfTime < second.AsOfTime);
    }

    [StorageFact]
    public async Task Every_watcher_gets_what_an_import_changes_and_no_more()
    {
        await _server.ImportAsync(_realmId, Document("a", "b"));
        using var first = new Watcher(_server, _realmId);
        using var second = new Watcher(_server, _realmId);
        await first.SnapshotAsync();
        await second.SnapshotAsync();

        var import = await _server.ImportAsync(_realmId, Document("b", "c"));

        foreach (var watcher in new[] { first, second })
        {
            var delta = await watcher.DeltaAsync();
            Assert.Equal(2, import.Revision);
            Assert.Equal(2, delta.Revision);
            Assert.Equal("c", Assert.Single(delta.Upserts).Role.RoleId);
            Assert.Equal(new ResourceReference { ResourceKind = "role", ResourceId = "a" }, Assert.Single(delta.Deletes));
        }
    }

    [StorageFact]
    public async Task A_watcher_that_comes_back_gets_only_what_changed_meanwhile_in_one_delta()
    {
        await _server.ImportAsync(_realmId, Document("a"));
        await _server.ImportAsync(_realmId, Document("a", "b"));
        await _server.ImportAsync(_realmId, Document("b", "c"));
        await _server.ImportAsync(_realmId, Document("b", "c", "a"));

        using var watcher = new Watcher(_server, _realmId, afterRevision: 1);
        var delta = await watcher.DeltaAsync();

        Assert.Equal(4, delta.Revision);
        Assert.Equal(["a", "b", "c"], delta.Upserts.Select(upsert => upsert.Role.RoleId));
        Assert.Empty(delta.Deletes);
    }

    [StorageFact]
    public async Task A_watcher_that_is_up_to_date_gets_a_heartbeat_at_once()
    {
        await _server.ImportAsync(_realmId, Document("a"));
        using var watcher = new Watcher(_server, _realmId, afterRevision: 1);

        var next = await watcher.NextAsync();

        Assert.Equal(1, next!.Heartbeat.Revision);
    }

    [StorageFact]
    public async Task Who_has_a_realm_that_was_deleted_and_made_again_is_told_that_it_is_gone()
    {
        await _server.ImportAsync(_realmId, Document("a"));
        var realm = (await _server.Realms.GetRealmAsync(new() { RealmId = _realmId }, RealmAdminServer.Operator)).Realm;
        using var same = new Watcher(_server, _realmId, afterRevision: 1, realm.CreateTime);
        Assert.Equal(1, (await same.NextAsync())!.Heartbeat.Revision);

        using var other = new Watcher(_server, _realmId, afterRevision: 1, realm.CreateTime + Duration.FromTimeSpan(TimeSpan.FromSeconds(1)));
        var refusal = await Assert.ThrowsAsync<RpcException>(other.NextAsync);
        Assert.Equal("REALM_NOT_FOUND", RichStatus.ReasonOf(refusal));

        // The same while a stream is open, however few polls see it: another realm at the very same revision.
        await using (var session = await fixture.Database.BeginWriteAsync(default))
        {
            await session.ExecuteAsync(
                "update realm set created_at = @later where realm_id = @realmId",
                new { later = realm.CreateTime.ToDateTimeOffset().AddMinutes(1), realmId = _realmId },
                default);
            await session.CommitAsync(default);
        }

        var end = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await same.NextAsync() is not null)
            {
                // Heartbeats from before.
            }
        });
        Assert.Equal("REALM_NOT_FOUND", RichStatus.ReasonOf(end));
    }

    [StorageFact]
    public async Task A_time_that_is_none_is_refused()
    {
        await _server.ImportAsync(_realmId, Document("a"));
        using var watcher = new Watcher(_server, _realmId, afterRevision: 1, new Timestamp { Seconds = long.MaxValue });

        var refusal = await Assert.ThrowsAsync<RpcException>(watcher.NextAsync);

        Assert.Equal("INVALID_ARGUMENT", RichStatus.ReasonOf(refusal));
    }

    [StorageFact]
    public async Task A_revision_that_the_database_never_had_is_answered_with_a_snapshot()
    {
        await _server.ImportAsync(_realmId, Document("a"));
        using var watcher = new Watcher(_server, _realmId, afterRevision: 17);

        var (snapshot, _) = await watcher.SnapshotAsync();

        Assert.Equal(1, snapshot.Revision);
        Assert.Equal(2, snapshot.Resources.Count);
    }

    [StorageFact]
    public async Task A_large_realm_comes_in_parts_and_a_large_change_as_a_snapshot()
    {
        await _server.ImportAsync(_realmId, Document("a"));
        using var early = new Watcher(_server, _realmId);
        await early.SnapshotAsync();
        var roles = Enumerable.Range(0, 1_201).Select(i => $"role-{i:d4}").ToArray();

        await _server.ImportAsync(_realmId, Document(roles));

        using var late = new Watcher(_server, _realmId);
        foreach (var watcher in new[] { early, late })
        {
            var (snapshot, parts) = await watcher.SnapshotAsync();
            Assert.Equal(2, snapshot.Revision);
            Assert.Equal(4, parts);
            Assert.Equal(roles, snapshot.Resources.Skip(1).Select(resource => resource.Role.RoleId));
        }
    }

    [StorageFact]
    public async Task The_write_of_another_replica_is_found()
    {
        await _server.ImportAsync(_realmId, Document("a"));
        using var watcher = new Watcher(_server, _realmId);
        await watcher.SnapshotAsync();
        await using var replica = await RealmAdminServer.StartAsync(fixture.Settings);

        await replica.ImportAsync(_realmId, Document("a", "b"));

        var delta = await watcher.DeltaAsync();
        Assert.Equal(2, delta.Revision);
        Assert.Equal("b", Assert.Single(delta.Upserts).Role.RoleId);
    }

    [StorageFact]
    public async Task A_watcher_that_does_not_read_holds_nobody_up_and_then_gets_everything_at_once()
    {
        await _server.ImportAsync(_realmId, Document("a"));
        using var slow = new Watcher(_server, _realmId, afterRevision: 1);
        using var fast = new Watcher(_server, _realmId, afterRevision: 1);
        for (var i = 2; i <= 20; i++)
        {
            var import = await _server.ImportAsync(_realmId, Document([.. Enumerable.Range(1, i).Select(n => $"role-{n:d2}")]));
            while ((await fast.DeltaAsync()).Revision < import.Revision)
            {
            }
        }

        var roles = new HashSet<string>();
        RealmDelta delta;
        do
        {
            delta = await slow.DeltaAsync();
            roles.UnionWith(delta.Upserts.Select(upsert => upsert.Role.RoleId));
        }
        while (delta.Revision < 20);

        Assert.Equal(20, roles.Count);
    }

    [StorageFact]
    public async Task An_unknown_realm_is_not_found()
    {
        using var watcher = new Watcher(_server, _realmId);

        var exception = await Assert.ThrowsAsync<RpcException>(watcher.NextAsync);

        Assert.Equal(StatusCode.NotFound, exception.StatusCode);
        Assert.Equal("REALM_NOT_FOUND", RichStatus.ReasonOf(exception));
    }

    [StorageFact]
    public async Task A_realm_that_is_removed_ends_its_streams()
    {
        await _server.ImportAsync(_realmId, Document("a"));
        using var watcher = new Watcher(_server, _realmId);
        await watcher.SnapshotAsync();

        await using (var session = await fixture.Database.BeginWriteAsync(default))
        {
            await session.ExecuteAsync("delete from realm where realm_id = @_realmId", new { _realmId }, default);
            await session.CommitAsync(default);
        }

        var exception = await Assert.ThrowsAsync<RpcException>(watcher.NextButHeartbeatsAsync);
        Assert.Equal("REALM_NOT_FOUND", RichStatus.ReasonOf(exception));
    }

    [StorageFact]
    public async Task A_disabled_realm_is_still_streamed()
    {
        await _server.ImportAsync(_realmId, Document("a"));
        using var watcher = new Watcher(_server, _realmId);
        await watcher.SnapshotAsync();

        await _server.ImportAsync(_realmId, $"disabled: true\n{Document("a")}");

        Assert.True(Assert.Single((await watcher.DeltaAsync()).Upserts).Realm.Disabled);
    }

    [StorageFact]
    public async Task Streams_end_when_the_service_stops()
    {
        await _server.ImportAsync(_realmId, Document("a"));
        using var watcher = new Watcher(_server, _realmId);
        await watcher.SnapshotAsync();

        await _server.StopAsync();

        while (await watcher.NextAsync() is not null)
        {
        }
    }

    [StorageFact]
    public async Task Nobody_watches_without_a_credential()
    {
        using var call = _server.Feed.WatchRealm(new() { RealmId = "demo" });

        var exception = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(default));

        Assert.Equal(StatusCode.Unauthenticated, exception.StatusCode);
    }

    private string Document(params string[] roles) =>
        $"realm_id: {_realmId}\nroles:\n{string.Concat(roles.Select(role => $"  - role_id: {role}\n"))}";

    private static string KindOf(RealmResource resource) => resource.ResourceCase switch
    {
        RealmResource.ResourceOneofCase.ResourceServer => "resource_server",
        RealmResource.ResourceOneofCase.RoleBinding => "role_binding",
        _ => resource.ResourceCase.ToString().ToLowerInvariant(),
    };
}

public sealed class SqliteWatchRealmTests(SqliteRealmAdminDatabase fixture) : WatchRealmContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresWatchRealmTests(PostgresRealmAdminDatabase fixture)
    : WatchRealmContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
