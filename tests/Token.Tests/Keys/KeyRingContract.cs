using System.Security.Cryptography;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token;
using Pltfrms.Iam.Token.Keys;
using Testing;
using Testing.Databases;
using Token.Tests.Hosting;

namespace Token.Tests.Keys;

/// <summary>What holds for signing keys on either engine.</summary>
public abstract class KeyRingContract(TestDatabase database)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Interval = TimeSpan.FromDays(90);

    private readonly string _realmId = $"realm-{Guid.NewGuid():n}";
    private readonly FakeClock _clock = new();
    private readonly TokenOptions _options = new();

    [StorageFact]
    public async Task Many_replicas_that_use_a_realm_first_at_once_agree_on_one_key_and_its_successor()
    {
        var signers = await AtOnceAsync(16, _ => SignerAsync(Replica()));

        Assert.Single(signers.Select(key => key.KeyId).Distinct());
        Assert.Equal([KeyStage.Signing, KeyStage.Announced], Stages(await RowsAsync()));
    }

    [StorageFact]
    public async Task Many_replicas_that_replace_a_key_at_once_make_one_new_key()
    {
        var first = await SignerAsync(Replica());
        _clock.Advance(KeyTimes.Of(_options).Announcement);

        await AtOnceAsync(16, async _ =>
        {
            await Changes().RotateAsync(_realmId, SignatureAlgorithms.Es256, first.KeyId, Interval, KeyActor.Service, CancellationToken.None);
            return 0;
        });

        var rows = await RowsAsync();
        Assert.Equal([KeyStage.Retiring, KeyStage.Signing, KeyStage.Announced], Stages(rows));
        Assert.Equal(first.KeyId, rows[0].KeyId);
    }

    [StorageFact]
    public async Task Many_replicas_that_see_at_once_that_it_is_time_make_one_new_key()
    {
        var replicas = Enumerable.Range(0, 16).Select(_ => Replica()).ToList();
        foreach (var replica in replicas)
        {
            await SignerAsync(replica);
        }

        _clock.Advance(Interval);
        await AtOnceAsync(16, async i =>
        {
            await replicas[i].RefreshAsync(CancellationToken.None);
            return 0;
        });

        Assert.Equal([KeyStage.Retiring, KeyStage.Signing, KeyStage.Announced], Stages(await RowsAsync()));
        var signers = await Task.WhenAll(replicas.Select(SignerAsync));
        Assert.Single(signers.Select(key => key.KeyId).Distinct());
    }

    [StorageFact]
    public async Task No_replica_signs_with_a_key_that_another_does_not_publish()
    {
        var (one, two) = (Replica(), Replica());
        await SignerAsync(one);
        var known = await two.GetAsync(Realm(), CancellationToken.None);

        for (var rotation = 0; rotation < 5; rotation++)
        {
            _clock.Advance(KeyTimes.Of(_options).Announcement);
            await Changes().RotateAsync(_realmId, SignatureAlgorithms.Es256, null, Interval, KeyActor.Service, CancellationToken.None);
            await one.RefreshAsync(CancellationToken.None);

            // The other has not heard of the rotation, and knows the key all the same.
            Assert.Contains((await SignerAsync(one)).KeyId, known.Published(_clock.GetUtcNow()).Select(key => key.KeyId));
            await two.RefreshAsync(CancellationToken.None);
            known = await two.GetAsync(Realm(), CancellationToken.None);
        }
    }

    [StorageFact]
    public async Task A_replica_whose_clock_is_behind_signs_with_the_key_that_another_made()
    {
        var key = await SignerAsync(Replica());
        _clock.Advance(TimeSpan.FromMinutes(-10));

        Assert.Equal(key.KeyId, (await SignerAsync(Replica())).KeyId);
        Assert.Equal(2, (await RowsAsync()).Count);
    }

    [StorageFact]
    public async Task A_replica_that_starts_later_verifies_what_the_first_one_signed()
    {
        byte[] data = [1, 2, 3];
        foreach (var algorithm in SignatureAlgorithms.All)
        {
            var realm = Realm() with { RealmId = $"{_realmId}-{algorithm}" };
            var key = await Replica().SignerAsync(realm, algorithm, Lifetime, CancellationToken.None);
            var signature = new byte[key.SignatureSize];
            key.Sign(data, signature);

            var later = await Replica().SignerAsync(realm, algorithm, Lifetime, CancellationToken.None);

            Assert.Equal((algorithm, key.KeyId), (later.Algorithm, later.KeyId));
            Assert.True(later.Verify(data, signature));
            Assert.False(later.Verify([1, 2, 4], signature));
        }
    }

    [StorageFact]
    public async Task Every_realm_has_a_key_of_its_own()
    {
        var ring = Replica();

        var one = await SignerAsync(ring);
        var other = await ring.SignerAsync(Realm() with { RealmId = $"{_realmId}-other" }, SignatureAlgorithms.Es256, Lifetime, CancellationToken.None);

        Assert.NotEqual(one.KeyId, other.KeyId);
    }

    [StorageFact]
    public async Task The_private_key_is_stored_encrypted_only()
    {
        await SignerAsync(Replica());

        foreach (var row in await RowsAsync())
        {
            using var key = ECDsa.Create();
            Assert.Throws<CryptographicException>(() => key.ImportPkcs8PrivateKey(row.EncryptedPrivateKey, out _));
            key.ImportPkcs8PrivateKey(TestKeys.Encryption().Decrypt(_realmId, row.KeyId, row.EncryptedPrivateKey), out _);
            Assert.Equal((TestKeys.Encryption().CurrentId, _clock.GetUtcNow()), (row.EncryptionKeyId, row.CreatedAt));
        }
    }

    [StorageFact]
    public async Task A_key_that_is_moved_to_another_realm_opens_nowhere()
    {
        await SignerAsync(Replica());
        await ExecuteAsync("update realm_key set realm_id = @other where realm_id = @realmId", new { realmId = _realmId, other = $"{_realmId}-thief" });

        await Assert.ThrowsAsync<AuthenticationTagMismatchException>(
            async () => await Replica().GetAsync(Realm() with { RealmId = $"{_realmId}-thief" }, CancellationToken.None));
    }

    [StorageFact]
    public async Task A_token_that_lives_longer_than_any_before_keeps_its_key_published_for_as_long()
    {
        var ring = Replica();
        var key = await SignerAsync(ring);

        var same = await ring.SignerAsync(Realm(), SignatureAlgorithms.Es256, TimeSpan.FromHours(3), CancellationToken.None);
        _clock.Advance(KeyTimes.Of(_options).Announcement);
        await Changes().RotateAsync(_realmId, SignatureAlgorithms.Es256, null, Interval, KeyActor.Service, CancellationToken.None);
        _clock.Advance(TimeSpan.FromHours(3));
        await ring.RefreshAsync(CancellationToken.None);

        Assert.Equal(key.KeyId, same.KeyId);
        Assert.Contains(key.KeyId, (await ring.GetAsync(Realm(), CancellationToken.None)).Published(_clock.GetUtcNow()).Select(k => k.KeyId));
        _clock.Advance(KeyTimes.Of(_options).Announcement);
        await ring.RefreshAsync(CancellationToken.None);
        Assert.DoesNotContain(key.KeyId, (await RowsAsync()).Select(row => row.KeyId));
    }

    [StorageFact]
    public async Task Keys_that_have_ended_are_erased_also_where_nobody_uses_the_realm()
    {
        var key = await SignerAsync(Replica());
        _clock.Advance(TimeSpan.FromDays(92));
        var erase = new EraseEndedKeys(database.Database, new SigningKeyStore(), Changes(), new KeyClock(_options, _clock));

        await erase.ExecuteAsync(CancellationToken.None);

        Assert.DoesNotContain(key.KeyId, (await RowsAsync()).Select(row => row.KeyId));
        Assert.Equal([KeyStage.Signing], Stages(await RowsAsync()));
    }

    [StorageFact]
    public async Task A_replica_that_was_cut_off_asks_before_it_signs_or_refuses()
    {
        var options = new TokenOptions { RevocationStaleAfter = TimeSpan.Zero, JwksMaxAge = TimeSpan.Zero };
        var ring = TestKeys.Ring(database.Database, options, _clock);
        await ring.SignerAsync(Realm(), SignatureAlgorithms.Es256, Lifetime, CancellationToken.None);
        await TestKeys.Changes(database.Database, options, _clock)
            .RotateAsync(_realmId, SignatureAlgorithms.Es256, null, Interval, KeyActor.Service, CancellationToken.None);

        var signs = await ring.SignerAsync(Realm(), SignatureAlgorithms.Es256, Lifetime, CancellationToken.None);
        var current = await ring.GetCurrentAsync(Realm(), CancellationToken.None);

        Assert.Equal((await RowsAsync())[1].KeyId, signs.KeyId);
        Assert.Equal(3, current.Rows.Count);
    }

    [StorageFact]
    public async Task Everything_that_happens_is_recorded_with_who_did_it()
    {
        var first = await SignerAsync(Replica());
        _clock.Advance(KeyTimes.Of(_options).Announcement);
        await Changes().RevokeAsync(_realmId, first.KeyId, Interval, new KeyActor("operator", "operator"), CancellationToken.None);

        var (events, next) = await new ListKeyEvents(database.Database, new KeyEventStore()).ExecuteAsync(_realmId, 10, "", CancellationToken.None);
        var (page, more) = await new ListKeyEvents(database.Database, new KeyEventStore()).ExecuteAsync(_realmId, 2, "", CancellationToken.None);

        Assert.Equal("", next);
        Assert.Equal(events[1].EventId, more);
        Assert.Equal(events.Take(2), page);
        Assert.Equal(
            [(KeyEventKind.Made, "service"), (KeyEventKind.Made, "service"), (KeyEventKind.Revoked, "operator"), (KeyEventKind.BroughtForward, "operator"), (KeyEventKind.Made, "operator")],
            events.OrderBy(e => e.HappenedAt).ThenBy(e => e.ActorKind == "operator").ThenBy(e => e.Kind == KeyEventKind.Made).ThenBy(e => e.Kind == KeyEventKind.BroughtForward)
                .Select(e => (e.Kind, e.ActorKind)));
        Assert.Equal(first.KeyId, events.Single(e => e.Kind == KeyEventKind.Revoked).KeyId);
    }

    [StorageFact]
    public async Task A_realm_that_was_made_again_never_gets_the_keys_of_the_one_before()
    {
        var ring = Replica();
        var before = Realm();
        var after = before with { CreatedAt = before.CreatedAt.AddMinutes(1) };
        var old = (await SignerAsync(ring)).KeyId;
        await ExecuteAsync("delete from realm_key where realm_id = @realmId", new { realmId = _realmId });
        await ExecuteAsync("delete from realm_key_head where realm_id = @realmId", new { realmId = _realmId });

        // A request that began before the realm was deleted puts the old keys back in memory after all.
        Assert.Equal(old, (await SignerAsync(ring)).KeyId);

        var keys = await ring.GetAsync(after, CancellationToken.None);
        Assert.DoesNotContain(old, keys.Published(_clock.GetUtcNow()).Select(key => key.KeyId));
        // Who comes with the old realm's snapshot then learns that it is gone, and gets no key of the new one.
        var refusal = await Assert.ThrowsAsync<IamException>(async () => await ring.GetAsync(before, CancellationToken.None));
        Assert.Equal(ErrorReason.RealmNotFound, refusal.Reason);
        Assert.Same(keys, await ring.GetAsync(after, CancellationToken.None));
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

    private Realm Realm() => new() { RealmId = _realmId, SigningKeyRotationInterval = Interval };

    private async Task<SigningKey> SignerAsync(KeyRing ring) => await ring.SignerAsync(Realm(), SignatureAlgorithms.Es256, Lifetime, CancellationToken.None);

    private KeyRing Replica() => TestKeys.Ring(database.Database, _options, _clock);

    private KeyChanges Changes() => TestKeys.Changes(database.Database, _options, _clock);

    private IEnumerable<KeyStage> Stages(IEnumerable<SigningKeyRow> rows) => rows.Select(row => KeyStages.Of(row, _clock.GetUtcNow(), KeyTimes.Of(_options)));

    private async Task<IReadOnlyList<SigningKeyRow>> RowsAsync()
    {
        await using var session = await database.Database.OpenAsync(CancellationToken.None);
        return await new SigningKeyStore().ListAsync(session, _realmId, CancellationToken.None);
    }

    private async Task ExecuteAsync(string sql, object parameters)
    {
        await using var session = await database.Database.BeginWriteAsync(CancellationToken.None);
        await session.ExecuteAsync(sql, parameters, CancellationToken.None);
        await session.CommitAsync(CancellationToken.None);
    }
}

public sealed class SqliteKeyRingTests(SqliteTokenDatabase database) : KeyRingContract(database), IClassFixture<SqliteTokenDatabase>;

[NeedsPostgres]
public sealed class PostgresKeyRingTests(PostgresTokenDatabase database) : KeyRingContract(database), IClassFixture<PostgresTokenDatabase>;

public sealed class KeyRingOutageTests
{
    private static readonly Realm Demo = new() { RealmId = "demo" };

    [Fact]
    public async Task An_outage_at_the_first_use_is_told_and_forgotten_when_it_is_over()
    {
        var database = new SqliteTokenDatabase();
        await database.InitializeAsync();
        var ring = TestKeys.Ring(database.Database, new TokenOptions(), new FakeClock());

        database.Stop();
        var outage = await Assert.ThrowsAsync<IamException>(async () => await ring.GetAsync(Demo, CancellationToken.None));
        database.Start();
        var keys = await ring.GetAsync(Demo, CancellationToken.None);
        database.Stop();
        var again = await ring.GetAsync(Demo, CancellationToken.None);
        database.Start();

        Assert.Equal(ErrorReason.StorageUnavailable, outage.Reason);
        Assert.Same(keys, again);
        await database.DisposeAsync();
    }

    [Fact]
    public async Task Without_a_database_a_replica_signs_until_others_may_have_replaced_its_key()
    {
        var database = new SqliteTokenDatabase();
        await database.InitializeAsync();
        var lasting = TestKeys.Ring(database.Database, new TokenOptions(), new FakeClock());
        var impatient = TestKeys.Ring(database.Database, new TokenOptions { RevocationStaleAfter = TimeSpan.Zero, JwksMaxAge = TimeSpan.Zero }, new FakeClock());
        var key = await SignerAsync(lasting);
        await SignerAsync(impatient);

        database.Stop();
        var same = await SignerAsync(lasting);
        var outage = await Assert.ThrowsAsync<IamException>(() => SignerAsync(impatient));
        database.Start();

        Assert.Equal(key.KeyId, same.KeyId);
        Assert.Equal(ErrorReason.StorageUnavailable, outage.Reason);
        await database.DisposeAsync();
    }

    private static async Task<SigningKey> SignerAsync(KeyRing ring) =>
        await ring.SignerAsync(Demo, SignatureAlgorithms.Es256, TimeSpan.FromMinutes(5), CancellationToken.None);
}
