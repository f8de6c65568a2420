using Pltfrms.Iam.RealmAdmin.V1;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Feed;

/// <summary>A replica whose polls are too far apart to be of use hears of what another writes all the same.</summary>
[NeedsPostgres]
public sealed class RealmNoticeTests : IAsyncLifetime
{
    // As ReplicaNotices says it; the connection is in this state while it waits for the next notice.
    private const string CutSql = """
        select count(pg_terminate_backend(pid)) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and query = 'listen pltfrms_iam_realm'
        """;

    private const string ListenersSql = """
        select count(*) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and query = 'listen pltfrms_iam_realm'
        """;

    private readonly PostgresRealmAdminDatabase _database = new();
    private readonly string _realmId = Samples.NewRealmId();
    private RealmAdminServer _server = null!;
    private RealmAdminServer _other = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _server = await StartAsync();
        _other = await StartAsync();
        await ListeningAsync();
        await _server.ImportAsync(_realmId, $"realm_id: {_realmId}");
    }

    public async Task DisposeAsync()
    {
        await _other.DisposeAsync();
        await _server.DisposeAsync();
        await _database.DisposeAsync();
    }

    [StorageFact]
    public async Task What_another_replica_writes_comes_with_its_notice()
    {
        using var watcher = new Watcher(_server, _realmId);
        await watcher.SnapshotAsync();

        Assert.Equal(2, await WriteAsync(_other, "a"));
        Assert.Equal(["a"], await HearAsync(watcher, until: 2));
        Assert.Equal(3, await WriteAsync(_other, "b"));
        Assert.Equal(["b"], await HearAsync(watcher, until: 3));
    }

    [StorageFact]
    public async Task Writes_that_race_at_two_replicas_all_come_to_the_watchers_of_both()
    {
        const int each = 40;
        using var here = new Watcher(_server, _realmId);
        using var there = new Watcher(_other, _realmId);
        await here.SnapshotAsync();
        await there.SnapshotAsync();

        await Task.WhenAll(
            Task.Run(async () => await WriteManyAsync(_server, "here", each)),
            Task.Run(async () => await WriteManyAsync(_other, "there", each)));

        var all = Enumerable.Range(0, each).SelectMany(i => new[] { $"here-{i:d2}", $"there-{i:d2}" }).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(all, (await HearAsync(here, until: 1 + (2 * each))).Order(StringComparer.Ordinal));
        Assert.Equal(all, (await HearAsync(there, until: 1 + (2 * each))).Order(StringComparer.Ordinal));
    }

    [StorageFact]
    public async Task A_connection_that_is_cut_comes_back_and_nothing_written_meanwhile_is_lost()
    {
        using var watcher = new Watcher(_server, _realmId);
        await watcher.SnapshotAsync();

        for (var revision = 2; revision <= 5; revision++)
        {
            // Both replicas' listeners are gone when it is written: nobody hears the notice.
            Assert.Equal(2, await CountAsync(CutSql));
            Assert.Equal(revision, await WriteAsync(_other, $"role-{revision}"));
            Assert.Equal([$"role-{revision}"], await HearAsync(watcher, until: revision));
            await ListeningAsync();
        }

        Assert.Equal(6, await WriteAsync(_other, "heard"));
        Assert.Equal(["heard"], await HearAsync(watcher, until: 6));
    }

    private Task<RealmAdminServer> StartAsync() =>
        RealmAdminServer.StartAsync(new Dictionary<string, string?>(_database.Settings) { ["RealmFeed:PollInterval"] = "00:30:00" });

    /// <summary>Until both replicas listen.</summary>
    private async Task ListeningAsync()
    {
        while (await CountAsync(ListenersSql) < 2)
        {
            await Task.Delay(20);
        }
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var session = await _database.Database.OpenAsync(default);
        return await session.QuerySingleOrDefaultAsync<long>(sql, null, default);
    }

    private async Task<long> WriteAsync(RealmAdminServer server, string roleId)
    {
        var roles = new RoleService.RoleServiceClient(server.Channel);
        var request = new CreateRoleRequest { RealmId = _realmId, Role = new() { RoleId = roleId } };
        return (await roles.CreateRoleAsync(request, RealmAdminServer.Operator)).Revision;
    }

    private async Task WriteManyAsync(RealmAdminServer server, string prefix, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await WriteAsync(server, $"{prefix}-{i:d2}");
        }
    }

    /// <summary>The roles that came until a revision.</summary>
    private static async Task<List<string>> HearAsync(Watcher watcher, long until)
    {
        List<string> roles = [];
        RealmDelta delta;
        do
        {
            delta = await watcher.DeltaAsync();
            roles.AddRange(delta.Upserts.Select(upsert => upsert.Role.RoleId));
        }
        while (delta.Revision < until);

        return roles;
    }
}
