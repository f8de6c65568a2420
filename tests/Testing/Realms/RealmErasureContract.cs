using Grpc.Core;
using Pltfrms.Iam.Common.Realms.Model;
using Testing.Databases;

namespace Testing.Realms;

/// <summary>What a service that keeps rows of realms does when realm-admin erases one.</summary>
public abstract class RealmErasureContract(TestDatabase database) : IAsyncLifetime
{
    protected string RealmId { get; } = $"realm-{Guid.NewGuid():n}";

    protected IReadOnlyDictionary<string, string?> Settings => database.Settings;

    /// <summary>The tables that the service erases.</summary>
    protected abstract IReadOnlyCollection<string> Tables { get; }

    /// <summary>One of them that a realm may have thousands of rows in.</summary>
    protected abstract string LargeTable { get; }

    /// <summary>Values of columns that do not take any.</summary>
    protected abstract IReadOnlyDictionary<string, string> Constrained { get; }

    public abstract Task InitializeAsync();

    public abstract Task DisposeAsync();

    /// <remarks>Whoever adds a table with a realm_id adds it to what the service erases.</remarks>
    [StorageFact]
    public async Task Every_table_that_has_rows_of_realms_is_erased()
    {
        await using var session = await database.Database.OpenAsync(CancellationToken.None);

        Assert.Equal(await RealmData.TablesAsync(session), Tables.Order(StringComparer.Ordinal));
    }

    [StorageFact]
    public async Task Nothing_is_left_of_a_deleted_realm_and_another_keeps_everything()
    {
        await AddAsync(RealmId, 1);
        await AddAsync($"{RealmId}-other", 1);

        var first = await EraseAsync(RealmId);
        var second = await EraseAsync(RealmId);

        Assert.Equal(((long)Tables.Count, false), first);
        Assert.Equal((0L, true), second);
        Assert.All(await CountAsync(RealmId), table => Assert.Equal((table.Key, 0L), (table.Key, table.Value)));
        Assert.All(await CountAsync($"{RealmId}-other"), table => Assert.Equal((table.Key, 1L), (table.Key, table.Value)));
    }

    [StorageFact]
    public async Task A_large_realm_goes_in_several_transactions()
    {
        await using (var session = await database.Database.BeginWriteAsync(CancellationToken.None))
        {
            await RealmData.AddAsync(session, LargeTable, RealmId, 1_101, Constrained);
            await session.CommitAsync(CancellationToken.None);
        }

        Assert.Equal((1_101L, false), await EraseAsync(RealmId));
        Assert.Equal(0, (await CountAsync(RealmId))[LargeTable]);
    }

    [StorageTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_a_realm_that_exists_nothing_is_erased_whoever_asks(bool disabled)
    {
        await AddAsync(RealmId, 1);
        Make(new Realm { RealmId = RealmId, Disabled = disabled });

        var answer = await EraseAsync(RealmId);

        Assert.Equal((0L, false), answer);
        Assert.All(await CountAsync(RealmId), table => Assert.Equal((table.Key, 1L), (table.Key, table.Value)));
    }

    [StorageFact]
    public async Task Where_nobody_can_say_whether_the_realm_exists_nothing_is_erased()
    {
        await AddAsync(RealmId, 1);
        Make(new Realm { RealmId = RealmId });
        Lose();

        var refusal = await Assert.ThrowsAsync<RpcException>(() => EraseAsync(RealmId));

        Assert.Contains(refusal.StatusCode, new[] { StatusCode.Unavailable, StatusCode.DeadlineExceeded });
        Assert.All(await CountAsync(RealmId), table => Assert.Equal((table.Key, 1L), (table.Key, table.Value)));
    }

    [StorageFact]
    public async Task A_realm_must_be_named()
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(() => EraseAsync(""));

        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
    }

    /// <summary>Calls EraseRealm as an operator, with a deadline of its own.</summary>
    protected abstract Task<(long Erased, bool Done)> EraseAsync(string realmId);

    /// <summary>From now on there is such a realm.</summary>
    protected abstract void Make(Realm realm);

    /// <summary>From now on realm-admin cannot be reached.</summary>
    protected abstract void Lose();

    protected static DateTime Deadline => TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(20);

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
