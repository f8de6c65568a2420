using System.Security.Cryptography;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Keys;
using Testing.Databases;
using Token.Tests.Hosting;

namespace Token.Tests.Keys;

/// <summary>The life of a realm's keys on either engine: how they are kept, how long they last, and what is recorded of them.</summary>
public abstract class KeyRingContract(TestDatabase database)
{
    private readonly KeyRingBench _bench = new(database.Database);

    [StorageFact]
    public async Task Every_realm_has_a_key_of_its_own()
    {
        var ring = _bench.Replica();

        var one = await _bench.SignerAsync(ring);
        var other = await ring.SignerAsync(_bench.Realm() with { RealmId = $"{_bench.RealmId}-other" }, SignatureAlgorithms.Es256, KeyRingBench.Lifetime, CancellationToken.None);

        Assert.NotEqual(one.KeyId, other.KeyId);
    }

    [StorageFact]
    public async Task The_private_key_is_stored_encrypted_only()
    {
        await _bench.SignerAsync(_bench.Replica());

        foreach (var row in await _bench.RowsAsync())
        {
            using var key = ECDsa.Create();
            Assert.Throws<CryptographicException>(() => key.ImportPkcs8PrivateKey(row.EncryptedPrivateKey, out _));
            key.ImportPkcs8PrivateKey(TestKeys.Encryption().Decrypt(_bench.RealmId, row.KeyId, row.EncryptedPrivateKey), out _);
            Assert.Equal((TestKeys.Encryption().CurrentId, _bench.Clock.GetUtcNow()), (row.EncryptionKeyId, row.CreatedAt));
        }
    }

    [StorageFact]
    public async Task A_key_that_is_moved_to_another_realm_opens_nowhere()
    {
        await _bench.SignerAsync(_bench.Replica());
        await _bench.ExecuteAsync("update realm_key set realm_id = @other where realm_id = @realmId", new { realmId = _bench.RealmId, other = $"{_bench.RealmId}-thief" });

        await Assert.ThrowsAsync<AuthenticationTagMismatchException>(
            async () => await _bench.Replica().GetAsync(_bench.Realm() with { RealmId = $"{_bench.RealmId}-thief" }, CancellationToken.None));
    }

    [StorageFact]
    public async Task A_token_that_lives_longer_than_any_before_keeps_its_key_published_for_as_long()
    {
        var ring = _bench.Replica();
        var key = await _bench.SignerAsync(ring);

        var same = await ring.SignerAsync(_bench.Realm(), SignatureAlgorithms.Es256, TimeSpan.FromHours(3), CancellationToken.None);
        _bench.Clock.Advance(KeyTimes.Of(_bench.Options).Announcement);
        await _bench.Changes().RotateAsync(_bench.RealmId, SignatureAlgorithms.Es256, null, KeyRingBench.Interval, KeyActor.Service, CancellationToken.None);
        _bench.Clock.Advance(TimeSpan.FromHours(3));
        await ring.RefreshAsync(CancellationToken.None);

        Assert.Equal(key.KeyId, same.KeyId);
        Assert.Contains(key.KeyId, (await ring.GetAsync(_bench.Realm(), CancellationToken.None)).Published(_bench.Clock.GetUtcNow()).Select(k => k.KeyId));
        _bench.Clock.Advance(KeyTimes.Of(_bench.Options).Announcement);
        await ring.RefreshAsync(CancellationToken.None);
        Assert.DoesNotContain(key.KeyId, (await _bench.RowsAsync()).Select(row => row.KeyId));
    }

    [StorageFact]
    public async Task Keys_that_have_ended_are_erased_also_where_nobody_uses_the_realm()
    {
        var key = await _bench.SignerAsync(_bench.Replica());
        _bench.Clock.Advance(TimeSpan.FromDays(92));
        var erase = new EraseEndedKeys(_bench.Database, new SigningKeyStore(), _bench.Changes(), new KeyClock(_bench.Options, _bench.Clock));

        await erase.ExecuteAsync(CancellationToken.None);

        Assert.DoesNotContain(key.KeyId, (await _bench.RowsAsync()).Select(row => row.KeyId));
        Assert.Equal([KeyStage.Signing], _bench.Stages(await _bench.RowsAsync()));
    }

    [StorageFact]
    public async Task Everything_that_happens_is_recorded_with_who_did_it()
    {
        var first = await _bench.SignerAsync(_bench.Replica());
        _bench.Clock.Advance(KeyTimes.Of(_bench.Options).Announcement);
        await _bench.Changes().RevokeAsync(_bench.RealmId, first.KeyId, KeyRingBench.Interval, new KeyActor("operator", "operator"), CancellationToken.None);

        var (events, next) = await new ListKeyEvents(_bench.Database, new KeyEventStore()).ExecuteAsync(_bench.RealmId, 10, "", CancellationToken.None);
        var (page, more) = await new ListKeyEvents(_bench.Database, new KeyEventStore()).ExecuteAsync(_bench.RealmId, 2, "", CancellationToken.None);

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
        var ring = _bench.Replica();
        var before = _bench.Realm();
        var after = before with { CreatedAt = before.CreatedAt.AddMinutes(1) };
        var old = (await _bench.SignerAsync(ring)).KeyId;
        await _bench.ExecuteAsync("delete from realm_key where realm_id = @realmId", new { realmId = _bench.RealmId });
        await _bench.ExecuteAsync("delete from realm_key_head where realm_id = @realmId", new { realmId = _bench.RealmId });

        // A request that began before the realm was deleted puts the old keys back in memory after all.
        Assert.Equal(old, (await _bench.SignerAsync(ring)).KeyId);

        var keys = await ring.GetAsync(after, CancellationToken.None);
        Assert.DoesNotContain(old, keys.Published(_bench.Clock.GetUtcNow()).Select(key => key.KeyId));
        // Who comes with the old realm's snapshot then learns that it is gone, and gets no key of the new one.
        var refusal = await Assert.ThrowsAsync<IamException>(async () => await ring.GetAsync(before, CancellationToken.None));
        Assert.Equal(ErrorReason.RealmNotFound, refusal.Reason);
        Assert.Same(keys, await ring.GetAsync(after, CancellationToken.None));
    }
}

public sealed class SqliteKeyRingTests(SqliteTokenDatabase database) : KeyRingContract(database), IClassFixture<SqliteTokenDatabase>;

[NeedsPostgres]
public sealed class PostgresKeyRingTests(PostgresTokenDatabase database) : KeyRingContract(database), IClassFixture<PostgresTokenDatabase>;
