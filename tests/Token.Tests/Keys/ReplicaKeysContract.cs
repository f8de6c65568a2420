using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Token;
using Pltfrms.Iam.Token.Keys;
using Testing.Databases;
using Token.Tests.Hosting;

namespace Token.Tests.Keys;

/// <summary>Replicas that share a database agree on the keys that they sign with, on either engine.</summary>
public abstract class ReplicaKeysContract(TestDatabase database)
{
    private readonly KeyRingBench _bench = new(database.Database);

    [StorageFact]
    public async Task Many_replicas_that_use_a_realm_first_at_once_agree_on_one_key_and_its_successor()
    {
        var signers = await AtOnceAsync(16, _ => _bench.SignerAsync(_bench.Replica()));

        Assert.Single(signers.Select(key => key.KeyId).Distinct());
        Assert.Equal([KeyStage.Signing, KeyStage.Announced], _bench.Stages(await _bench.RowsAsync()));
    }

    [StorageFact]
    public async Task Many_replicas_that_replace_a_key_at_once_make_one_new_key()
    {
        var first = await _bench.SignerAsync(_bench.Replica());
        _bench.Clock.Advance(KeyTimes.Of(_bench.Options).Announcement);

        await AtOnceAsync(16, async _ =>
        {
            await _bench.Changes().RotateAsync(_bench.RealmId, SignatureAlgorithms.Es256, first.KeyId, KeyRingBench.Interval, KeyActor.Service, CancellationToken.None);
            return 0;
        });

        var rows = await _bench.RowsAsync();
        Assert.Equal([KeyStage.Retiring, KeyStage.Signing, KeyStage.Announced], _bench.Stages(rows));
        Assert.Equal(first.KeyId, rows[0].KeyId);
    }

    [StorageFact]
    public async Task Many_replicas_that_see_at_once_that_it_is_time_make_one_new_key()
    {
        var replicas = Enumerable.Range(0, 16).Select(_ => _bench.Replica()).ToList();
        foreach (var replica in replicas)
        {
            await _bench.SignerAsync(replica);
        }

        _bench.Clock.Advance(KeyRingBench.Interval);
        await AtOnceAsync(16, async i =>
        {
            await replicas[i].RefreshAsync(CancellationToken.None);
            return 0;
        });

        Assert.Equal([KeyStage.Retiring, KeyStage.Signing, KeyStage.Announced], _bench.Stages(await _bench.RowsAsync()));
        var signers = await Task.WhenAll(replicas.Select(_bench.SignerAsync));
        Assert.Single(signers.Select(key => key.KeyId).Distinct());
    }

    [StorageFact]
    public async Task No_replica_signs_with_a_key_that_another_does_not_publish()
    {
        var (one, two) = (_bench.Replica(), _bench.Replica());
        await _bench.SignerAsync(one);
        var known = await two.GetAsync(_bench.Realm(), CancellationToken.None);

        for (var rotation = 0; rotation < 5; rotation++)
        {
            _bench.Clock.Advance(KeyTimes.Of(_bench.Options).Announcement);
            await _bench.Changes().RotateAsync(_bench.RealmId, SignatureAlgorithms.Es256, null, KeyRingBench.Interval, KeyActor.Service, CancellationToken.None);
            await one.RefreshAsync(CancellationToken.None);

            // The other has not heard of the rotation, and knows the key all the same.
            Assert.Contains((await _bench.SignerAsync(one)).KeyId, known.Published(_bench.Clock.GetUtcNow()).Select(key => key.KeyId));
            await two.RefreshAsync(CancellationToken.None);
            known = await two.GetAsync(_bench.Realm(), CancellationToken.None);
        }
    }

    [StorageFact]
    public async Task A_replica_whose_clock_is_behind_signs_with_the_key_that_another_made()
    {
        var key = await _bench.SignerAsync(_bench.Replica());
        _bench.Clock.Advance(TimeSpan.FromMinutes(-10));

        Assert.Equal(key.KeyId, (await _bench.SignerAsync(_bench.Replica())).KeyId);
        Assert.Equal(2, (await _bench.RowsAsync()).Count);
    }

    [StorageFact]
    public async Task A_replica_that_starts_later_verifies_what_the_first_one_signed()
    {
        byte[] data = [1, 2, 3];
        foreach (var algorithm in SignatureAlgorithms.All)
        {
            var realm = _bench.Realm() with { RealmId = $"{_bench.RealmId}-{algorithm}" };
            var key = await _bench.Replica().SignerAsync(realm, algorithm, KeyRingBench.Lifetime, CancellationToken.None);
            var signature = new byte[key.SignatureSize];
            key.Sign(data, signature);

            var later = await _bench.Replica().SignerAsync(realm, algorithm, KeyRingBench.Lifetime, CancellationToken.None);

            Assert.Equal((algorithm, key.KeyId), (later.Algorithm, later.KeyId));
            Assert.True(later.Verify(data, signature));
            Assert.False(later.Verify([1, 2, 4], signature));
        }
    }

    [StorageFact]
    public async Task A_replica_that_was_cut_off_asks_before_it_signs_or_refuses()
    {
        var options = new TokenOptions { RevocationStaleAfter = TimeSpan.Zero, JwksMaxAge = TimeSpan.Zero };
        var ring = TestKeys.Ring(_bench.Database, options, _bench.Clock);
        await ring.SignerAsync(_bench.Realm(), SignatureAlgorithms.Es256, KeyRingBench.Lifetime, CancellationToken.None);
        await TestKeys.Changes(_bench.Database, options, _bench.Clock)
            .RotateAsync(_bench.RealmId, SignatureAlgorithms.Es256, null, KeyRingBench.Interval, KeyActor.Service, CancellationToken.None);

        var signs = await ring.SignerAsync(_bench.Realm(), SignatureAlgorithms.Es256, KeyRingBench.Lifetime, CancellationToken.None);
        var current = await ring.GetCurrentAsync(_bench.Realm(), CancellationToken.None);

        Assert.Equal((await _bench.RowsAsync())[1].KeyId, signs.KeyId);
        Assert.Equal(3, current.Rows.Count);
    }

    private static async Task<T[]> AtOnceAsync<T>(int count, Func<int, Task<T>> act)
    {
        using var together = new Barrier(count);
        return await Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Factory.StartNew(
            async () =>
            {
                together.SignalAndWait();
                return await act(i);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap()));
    }
}

public sealed class SqliteReplicaKeysTests(SqliteTokenDatabase database) : ReplicaKeysContract(database), IClassFixture<SqliteTokenDatabase>;

[NeedsPostgres]
public sealed class PostgresReplicaKeysTests(PostgresTokenDatabase database) : ReplicaKeysContract(database), IClassFixture<PostgresTokenDatabase>;
