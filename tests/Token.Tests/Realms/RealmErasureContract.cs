using Grpc.Core;
using Grpc.Net.Client;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Storage;
using Testing;
using Testing.Databases;
using Token.Tests.Hosting;
using Wire = Pltfrms.Iam.Token.V1;

namespace Token.Tests.Realms;

/// <summary>What this service does when realm-admin erases a realm.</summary>
public abstract class RealmErasureContract(TestDatabase database) : IAsyncLifetime
{
    private static readonly Dictionary<string, string> Constrained = new()
    {
        ["realm_key.algorithm"] = "ES256",
        ["device_authorization.state"] = "Pending",
    };

    private readonly string _realmId = $"realm-{Guid.NewGuid():n}";
    private readonly TestRealmFeed _realms = new();
    private TokenReplica _service = null!;
    private GrpcChannel _channel = null!;

    public async Task InitializeAsync()
    {
        _service = await TokenReplica.StartAsync(database.Settings, _realms, new FakeClock());
        _channel = GrpcChannel.ForAddress(_service.GrpcAddress);
    }

    public async Task DisposeAsync()
    {
        _channel.Dispose();
        await _service.DisposeAsync();
    }

    /// <remarks>Whoever adds a table with a realm_id adds it to TokenTables.OfRealms.</remarks>
    [StorageFact]
    public async Task Every_table_that_has_rows_of_realms_is_erased()
    {
        await using var session = await database.Database.OpenAsync(CancellationToken.None);

        Assert.Equal(await RealmData.TablesAsync(session), TokenTables.OfRealms.Select(table => table.Name).Order(StringComparer.Ordinal));
    }

    [StorageFact]
    public async Task Nothing_is_left_of_a_deleted_realm_and_another_keeps_everything()
    {
        await AddAsync(_realmId, 1);
        await AddAsync($"{_realmId}-other", 1);

        var first = await EraseAsync();
        var second = await EraseAsync();

        Assert.Equal((TokenTables.OfRealms.Count, false), (first.ErasedCount, first.Done));
        Assert.Equal((0L, true), (second.ErasedCount, second.Done));
        Assert.All(await CountAsync(_realmId), table => Assert.Equal((table.Key, 0L), (table.Key, table.Value)));
        Assert.All(await CountAsync($"{_realmId}-other"), table => Assert.Equal((table.Key, 1L), (table.Key, table.Value)));
    }

    [StorageFact]
    public async Task A_large_realm_goes_in_several_transactions()
    {
        await using (var session = await database.Database.BeginWriteAsync(CancellationToken.None))
        {
            await RealmData.AddAsync(session, "refresh_token", _realmId, 1_101, Constrained);
            await session.CommitAsync(CancellationToken.None);
        }

        Assert.Equal(1_101, (await EraseAsync()).ErasedCount);
        Assert.Equal(0, (await CountAsync(_realmId))["refresh_token"]);
    }

    [StorageTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_a_realm_that_exists_nothing_is_erased_whoever_asks(bool disabled)
    {
        await AddAsync(_realmId, 1);
        _realms.Set(_realmId, [new Realm { RealmId = _realmId, Disabled = disabled }]);

        var answer = await EraseAsync();

        Assert.Equal((0L, false), (answer.ErasedCount, answer.Done));
        Assert.All(await CountAsync(_realmId), table => Assert.Equal((table.Key, 1L), (table.Key, table.Value)));
    }

    [StorageFact]
    public async Task Where_nobody_can_say_whether_the_realm_exists_nothing_is_erased()
    {
        await AddAsync(_realmId, 1);
        _realms.Set(_realmId, [new Realm { RealmId = _realmId }]);
        _realms.IsDown = true;

        var refusal = await Assert.ThrowsAsync<RpcException>(EraseAsync);

        Assert.Contains(refusal.StatusCode, new[] { StatusCode.Unavailable, StatusCode.DeadlineExceeded });
        Assert.All(await CountAsync(_realmId), table => Assert.Equal((table.Key, 1L), (table.Key, table.Value)));
    }

    [StorageFact]
    public async Task A_realm_must_be_named()
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await Client.EraseRealmAsync(new(), TokenReplica.Operator));

        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
    }

    private Wire.RealmErasureService.RealmErasureServiceClient Client => new(_channel);

    private async Task<Wire.EraseRealmResponse> EraseAsync() => await Client.EraseRealmAsync(
        new() { RealmId = _realmId }, TokenReplica.Operator, TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(20));

    private async Task AddAsync(string realmId, int rows)
    {
        await using var session = await database.Database.BeginWriteAsync(CancellationToken.None);
        foreach (var table in await RealmData.TablesAsync(session))
        {
            await RealmData.AddAsync(session, table, realmId, rows, Constrained);
        }

        await session.CommitAsync(CancellationToken.None);
    }

    private async Task<IReadOnlyDictionary<string, long>> CountAsync(string realmId)
    {
        await using var session = await database.Database.OpenAsync(CancellationToken.None);
        return await RealmData.CountAsync(session, realmId);
    }
}

public sealed class SqliteRealmErasureTests(SqliteTokenDatabase database) : RealmErasureContract(database), IClassFixture<SqliteTokenDatabase>;

[NeedsPostgres]
public sealed class PostgresRealmErasureTests(PostgresTokenDatabase database) : RealmErasureContract(database), IClassFixture<PostgresTokenDatabase>;
