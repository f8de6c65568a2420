using System.Security.Cryptography;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
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
    private readonly string _realmId = $"realm-{Guid.NewGuid():n}";
    private readonly FakeClock _clock = new();

    [StorageFact]
    public async Task Many_replicas_that_use_a_realm_first_at_once_agree_on_one_key()
    {
        var replicas = Enumerable.Range(0, 16).Select(_ => Replica(database.Database)).ToList();
        using var together = new Barrier(replicas.Count);

        var keys = await Task.WhenAll(replicas.Select(replica => Task.Factory.StartNew(
            async () =>
            {
                together.SignalAndWait();
                return await replica.GetAsync(Realm(_realmId), CancellationToken.None);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap()));

        Assert.Single(keys.Select(k => k.Active.KeyId).Distinct());
        Assert.All(keys, k => Assert.Single(k.Published));
        await using var session = await database.Database.OpenAsync(CancellationToken.None);
        Assert.Single(await new SigningKeyStore().ListAsync(session, _realmId, CancellationToken.None));
    }

    [StorageFact]
    public async Task A_replica_that_starts_later_verifies_what_the_first_one_signed()
    {
        byte[] data = [1, 2, 3];
        var signature = new byte[SigningKey.SignatureSize];
        (await Replica(database.Database).GetAsync(Realm(_realmId), CancellationToken.None)).Active.Sign(data, signature);

        var later = await Replica(database.Database).GetAsync(Realm(_realmId), CancellationToken.None);

        Assert.True(later.Active.Verify(data, signature));
        Assert.False(later.Active.Verify([1, 2, 4], signature));
    }

    [StorageFact]
    public async Task Every_realm_has_a_key_of_its_own()
    {
        var ring = Replica(database.Database);

        var one = await ring.GetAsync(Realm(_realmId), CancellationToken.None);
        var other = await ring.GetAsync(Realm($"{_realmId}-other"), CancellationToken.None);

        Assert.NotEqual(one.Active.KeyId, other.Active.KeyId);
    }

    [StorageFact]
    public async Task The_private_key_is_stored_encrypted_only()
    {
        await Replica(database.Database).GetAsync(Realm(_realmId), CancellationToken.None);

        await using var session = await database.Database.OpenAsync(CancellationToken.None);
        var row = Assert.Single(await new SigningKeyStore().ListAsync(session, _realmId, CancellationToken.None));

        using var key = ECDsa.Create();
        Assert.Throws<CryptographicException>(() => key.ImportPkcs8PrivateKey(row.EncryptedPrivateKey, out _));
        key.ImportPkcs8PrivateKey(Encryption().Decrypt(_realmId, row.KeyId, row.EncryptedPrivateKey), out _);
        Assert.Equal(SigningKeyState.Active, row.State);
        Assert.Equal(_clock.GetUtcNow(), row.CreatedAt);
    }

    [StorageFact]
    public async Task A_second_active_key_of_a_realm_is_not_kept()
    {
        var store = new SigningKeyStore();
        var first = Row("k1");
        await using (var session = await database.Database.BeginWriteAsync(CancellationToken.None))
        {
            Assert.True(await store.AddAsync(session, first, CancellationToken.None));
            Assert.False(await store.AddAsync(session, Row("k2"), CancellationToken.None));
            Assert.True(await store.AddAsync(session, Row("k3") with { State = SigningKeyState.Retired }, CancellationToken.None));
            await session.CommitAsync(CancellationToken.None);
        }

        await using var reading = await database.Database.OpenAsync(CancellationToken.None);
        var rows = await store.ListAsync(reading, _realmId, CancellationToken.None);
        Assert.Equal([("k1", SigningKeyState.Active), ("k3", SigningKeyState.Retired)], rows.Select(r => (r.KeyId, r.State)));
        Assert.Equal(first.EncryptedPrivateKey, rows[0].EncryptedPrivateKey);
    }

    [StorageFact]
    public async Task A_realm_that_was_made_again_never_gets_the_keys_of_the_one_before()
    {
        var ring = Replica(database.Database);
        var before = Realm(_realmId);
        var after = before with { CreatedAt = before.CreatedAt.AddMinutes(1) };
        var old = (await ring.GetAsync(before, CancellationToken.None)).Active.KeyId;
        await using (var session = await database.Database.BeginWriteAsync(CancellationToken.None))
        {
            await session.ExecuteAsync("delete from signing_key where realm_id = @realmId", new { realmId = _realmId }, CancellationToken.None);
            await session.CommitAsync(CancellationToken.None);
        }

        // A request that began before the realm was deleted puts the old keys back in memory after all.
        Assert.Equal(old, (await ring.GetAsync(before, CancellationToken.None)).Active.KeyId);

        var keys = await ring.GetAsync(after, CancellationToken.None);
        Assert.NotEqual(old, keys.Active.KeyId);
        Assert.DoesNotContain(old, keys.Published.Select(key => key.KeyId));
        // Who comes with the old realm's snapshot then learns that it is gone, and gets no key of the new one.
        var refusal = await Assert.ThrowsAsync<IamException>(async () => await ring.GetAsync(before, CancellationToken.None));
        Assert.Equal(ErrorReason.RealmNotFound, refusal.Reason);
        Assert.Equal(keys.Active.KeyId, (await ring.GetAsync(after, CancellationToken.None)).Active.KeyId);
    }

    private static Realm Realm(string realmId) => new() { RealmId = realmId };

    private SigningKeyRow Row(string keyId) => new()
    {
        RealmId = _realmId,
        KeyId = keyId,
        State = SigningKeyState.Active,
        EncryptedPrivateKey = [1, 2, 3],
        CreatedAt = _clock.GetUtcNow(),
    };

    private static KeyEncryption Encryption() => new(new byte[KeyEncryption.KeySize]);

    private KeyRing Replica(IDatabase connection) => new(connection, new SigningKeyStore(), Encryption(), new TokenOptions(), _clock);
}

public sealed class SqliteKeyRingTests(SqliteTokenDatabase database) : KeyRingContract(database), IClassFixture<SqliteTokenDatabase>;

[NeedsPostgres]
public sealed class PostgresKeyRingTests(PostgresTokenDatabase database) : KeyRingContract(database), IClassFixture<PostgresTokenDatabase>;

public sealed class KeyRingOutageTests
{
    [Fact]
    public async Task An_outage_at_the_first_use_is_told_and_forgotten_when_it_is_over()
    {
        var database = new SqliteTokenDatabase();
        await database.InitializeAsync();
        var ring = new KeyRing(database.Database, new SigningKeyStore(), new KeyEncryption(new byte[32]), new TokenOptions(), new FakeClock());

        database.Stop();
        var outage = await Assert.ThrowsAsync<IamException>(async () => await ring.GetAsync(new Realm { RealmId = "demo" }, CancellationToken.None));
        database.Start();
        var keys = await ring.GetAsync(new Realm { RealmId = "demo" }, CancellationToken.None);
        database.Stop();
        var again = await ring.GetAsync(new Realm { RealmId = "demo" }, CancellationToken.None);
        database.Start();

        Assert.Equal(ErrorReason.StorageUnavailable, outage.Reason);
        Assert.Same(keys, again);
        await database.DisposeAsync();
    }
}
