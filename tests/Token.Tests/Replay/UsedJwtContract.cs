using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Replay;
using Testing;
using Testing.Databases;
using Token.Tests.Hosting;

namespace Token.Tests.Replay;

/// <summary>What counts once, on either engine, with two replicas that know nothing of one another but the database.</summary>
public abstract class UsedJwtContract(TestDatabase database)
{
    private const int Crowd = 64;

    private static readonly DateTimeOffset Expiry = TestRealm.Epoch.AddMinutes(5);

    private readonly FakeClock _clock = new();

    [StorageFact]
    public async Task An_id_is_used_up_for_its_realm_whatever_expiry_it_comes_with()
    {
        var (one, two) = (Replica(database.Database), Replica(database.Database));

        Assert.True(await UseAsync(one, "a"));
        Assert.False(await UseAsync(one, "a"));
        Assert.False(await UseAsync(two, "a"));
        Assert.False(await two.UseAsync(Of("a") with { ExpiresAt = Expiry.AddMinutes(1) }, CancellationToken.None));
        Assert.True(await two.UseAsync(Of("a") with { RealmId = "other" }, CancellationToken.None));
        Assert.True(await UseAsync(two, "b"));
        Assert.False(await UseAsync(one, "b"));
    }

    [StorageFact]
    public async Task Of_a_crowd_at_two_replicas_that_use_the_same_ten_each_is_told_to_one_that_it_was_first()
    {
        UsedJwts[] replicas = [Replica(database.Database), Replica(database.Database)];
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var presenting = Enumerable.Range(0, 10 * Crowd).Select(async i =>
        {
            await start.Task;
            var id = $"crowd-{(i % 2 == 0 ? i : (10 * Crowd) - i) % 10}";
            return (Id: id, IsFirst: await UseAsync(replicas[i / 10 % 2], id));
        }).ToList();

        start.SetResult();
        var answers = await Task.WhenAll(presenting);

        Assert.Equal(
            Enumerable.Range(0, 10).Select(i => $"crowd-{i}"),
            answers.Where(answer => answer.IsFirst).Select(answer => answer.Id).Order(StringComparer.Ordinal));
    }

    [StorageFact]
    public async Task Those_that_come_during_a_commit_share_the_next_one()
    {
        var held = new HeldDatabase(database.Database);
        var replica = Replica(held);
        held.Hold();
        var first = UseAsync(replica, "first");
        var others = Enumerable.Range(0, Crowd).Select(i => UseAsync(replica, $"together-{i / 2}")).ToList();

        held.LetGo();

        Assert.True(await first);
        var answers = await Task.WhenAll(others);
        Assert.Equal(Enumerable.Range(0, Crowd).Select(i => i % 2 == 0), answers);
        // The first is alone, or with those who came before it had begun.
        Assert.InRange(held.Writes, 1, 2);
    }

    [StorageFact]
    public async Task An_outage_is_told_to_all_who_wait_and_uses_nothing_up()
    {
        var held = new HeldDatabase(database.Database) { IsDown = true };
        var replica = Replica(held);
        held.Hold();
        var waiting = new[] { "outage-1", "outage-2", "outage-1" }.Select(id => UseAsync(replica, id)).ToList();
        held.LetGo();

        foreach (var one in waiting)
        {
            var refusal = await Assert.ThrowsAsync<IamException>(() => one);
            Assert.Equal(ErrorReason.StorageUnavailable, refusal.Reason);
        }

        held.IsDown = false;
        Assert.True(await UseAsync(replica, "outage-1"));
        Assert.True(await UseAsync(replica, "outage-2"));
    }

    [StorageFact]
    public async Task Who_goes_away_takes_nobody_along()
    {
        var held = new HeldDatabase(database.Database);
        var replica = Replica(held);
        using var gone = new CancellationTokenSource();
        held.Hold();
        var leaving = replica.UseAsync(Of("leaving"), gone.Token);
        var staying = UseAsync(replica, "staying");

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        held.LetGo();

        Assert.True(await staying);
    }

    private static UsedJwt Of(string id) => new() { RealmId = "demo", IdHash = id, ExpiresAt = Expiry };

    private static Task<bool> UseAsync(UsedJwts replica, string id) => replica.UseAsync(Of(id), CancellationToken.None);

    private UsedJwts Replica(IDatabase on) => new(on, new UsedJwtStore(), _clock);
}

public sealed class SqliteUsedJwtTests(SqliteTokenDatabase database) : UsedJwtContract(database), IClassFixture<SqliteTokenDatabase>;

[NeedsPostgres]
public sealed class PostgresUsedJwtTests(PostgresTokenDatabase database) : UsedJwtContract(database), IClassFixture<PostgresTokenDatabase>;
