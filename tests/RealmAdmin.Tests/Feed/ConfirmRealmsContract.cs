using System.Threading.Channels;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using RealmAdmin.Tests.Hosting;
using RealmAdmin.Tests.Storage;
using Testing.Databases;

namespace RealmAdmin.Tests.Feed;

/// <summary>Where many realms are, told on one stream over a real port, as the services read it.</summary>
public abstract class ConfirmRealmsContract(TestDatabase fixture) : IAsyncLifetime
{
    private readonly string _one = Samples.NewRealmId();
    private readonly string _two = Samples.NewRealmId();
    private readonly Channel<FollowedRealm> _followed = Channel.CreateUnbounded<FollowedRealm>();
    private RealmAdminServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await RealmAdminServer.StartAsync(fixture.Settings);
        await ImportAsync(_one, 1);
        await ImportAsync(_two, 1);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [StorageFact]
    public async Task Where_realms_are_is_said_once_and_then_only_what_has_moved()
    {
        await using var confirmations = Confirmations();
        Follow(1, _one);
        Follow(2, _two);
        Follow(3, "nowhere");
        var said = await SaidAsync(confirmations, count: 3);
        Assert.Equal([(1, 1), (2, 1), (3, 0)], said.OrderBy(entry => entry.FollowId).Select(entry => (entry.FollowId, entry.Position.Revision)));
        var realm = (await _server.Realms.GetRealmAsync(new() { RealmId = _one }, RealmAdminServer.Operator)).Realm;
        Assert.Equal(realm.CreateTime.ToDateTimeOffset(), said.Single(entry => entry.FollowId == 1).Position.CreatedAt);

        await BeatAsync(confirmations);
        await BeatAsync(confirmations);
        await ImportAsync(_two, 2);
        Assert.Equal([(2, 2)], (await SaidAsync(confirmations, count: 1)).Select(entry => (entry.FollowId, entry.Position.Revision)));

        // In the order in which they are said: who hears of the fourth has dropped the second.
        Assert.True(_followed.Writer.TryWrite(new(2, RealmId: null)));
        Follow(4, "nowhere");
        Assert.Equal(4, Assert.Single(await SaidAsync(confirmations, count: 1)).FollowId);
        await ImportAsync(_two, 3);
        await ImportAsync(_one, 2);
        Assert.Equal([(1, 2)], (await SaidAsync(confirmations, count: 1)).Select(entry => (entry.FollowId, entry.Position.Revision)));
    }

    [StorageFact]
    public async Task A_realm_that_is_removed_is_said_to_be_nowhere()
    {
        await using var confirmations = Confirmations();
        Follow(1, _one);
        await SaidAsync(confirmations, count: 1);

        await RemoveAsync(_one);

        Assert.Equal([(1, RealmPosition.Start)], await SaidAsync(confirmations, count: 1));
    }

    [StorageFact]
    public async Task A_stream_without_heartbeats_says_once_that_it_is_up_to_date_and_then_only_what_changes()
    {
        using var watcher = new Watcher(_server, _one, afterRevision: 1, withoutHeartbeats: true);
        using var other = new Watcher(_server, _one, afterRevision: 1);
        Assert.Equal(1, (await watcher.NextAsync())!.Heartbeat.Revision);
        for (var revision = 2; revision <= 4; revision++)
        {
            await other.HeartbeatAsync();
            await other.HeartbeatAsync();
            await ImportAsync(_one, revision);
            Assert.Equal(revision, (await watcher.NextAsync())!.Delta.Revision);
        }

        await RemoveAsync(_one);

        Assert.Equal("REALM_NOT_FOUND", RichStatus.ReasonOf(await Assert.ThrowsAsync<RpcException>(watcher.NextAsync)));
    }

    [StorageFact]
    public async Task Nobody_is_told_without_a_credential()
    {
        using var call = _server.Feed.ConfirmRealms();

        var exception = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(default));

        Assert.Equal(StatusCode.Unauthenticated, exception.StatusCode);
    }

    private IAsyncEnumerator<RealmsConfirmed> Confirmations()
    {
        IRealmFeed feed = new GrpcRealmFeed(_server.Channel.Intercept(headers =>
        {
            headers.Add(RealmAdminServer.Operator[0]);
            return headers;
        }));
        return feed.ConfirmAsync(_followed.Reader, CancellationToken.None).GetAsyncEnumerator(CancellationToken.None);
    }

    private void Follow(long followId, string realmId) => Assert.True(_followed.Writer.TryWrite(new(followId, realmId)));

    /// <summary>What is said until it is so much; never anything twice, and nothing else.</summary>
    private static async Task<List<(long FollowId, RealmPosition Position)>> SaidAsync(IAsyncEnumerator<RealmsConfirmed> confirmations, int count)
    {
        List<(long, RealmPosition)> said = [];
        while (said.Count < count)
        {
            Assert.True(await confirmations.MoveNextAsync());
            said.AddRange(confirmations.Current.Moved);
        }

        Assert.Equal(count, said.Count);
        return said;
    }

    /// <summary>The next word that is said of all realms: that they are where they were.</summary>
    private static async Task BeatAsync(IAsyncEnumerator<RealmsConfirmed> confirmations)
    {
        do
        {
            Assert.True(await confirmations.MoveNextAsync());
            Assert.Empty(confirmations.Current.Moved);
        }
        while (!confirmations.Current.IsLast);
    }

    private async Task ImportAsync(string realmId, long revision)
    {
        var import = await _server.ImportAsync(realmId, $"realm_id: {realmId}\nroles: [{{role_id: r{revision}}}]");
        Assert.Equal(revision, import.Revision);
    }

    private async Task RemoveAsync(string realmId)
    {
        await using var session = await fixture.Database.BeginWriteAsync(default);
        await session.ExecuteAsync("delete from realm where realm_id = @realmId", new { realmId }, default);
        await session.CommitAsync(default);
    }
}

public sealed class SqliteConfirmRealmsTests(SqliteRealmAdminDatabase fixture) : ConfirmRealmsContract(fixture), IClassFixture<SqliteRealmAdminDatabase>;

[NeedsPostgres]
public sealed class PostgresConfirmRealmsTests(PostgresRealmAdminDatabase fixture)
    : ConfirmRealmsContract(fixture), IClassFixture<PostgresRealmAdminDatabase>;
