using Microsoft.Extensions.Logging.Abstractions;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Token.Keys;
using Testing;
using Testing.Databases;
using Token.Tests.Hosting;

namespace Token.Tests.Keys;

/// <summary>Another key-encryption key takes over, on either engine.</summary>
public abstract class EncryptKeysAnewContract(TestDatabase database) : IAsyncLifetime
{
    private static readonly byte[] First = new byte[KeyEncryption.KeySize];
    private static readonly byte[] Second = [.. Enumerable.Repeat((byte)2, KeyEncryption.KeySize)];
    private static readonly byte[] Third = [.. Enumerable.Repeat((byte)3, KeyEncryption.KeySize)];

    private readonly FakeClock _clock = new();

    public async Task InitializeAsync()
    {
        if (PostgresInstallation.SkipReason is null || database is SqliteTestDatabase)
        {
            await ExecuteAsync("delete from realm_key where realm_id <> @none", new { none = "" });
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [StorageFact]
    public async Task Every_private_key_goes_under_the_current_key_once_however_many_replicas_want_it()
    {
        await AddAsync(250, new KeyEncryption(First));
        await AddOfTheFirstLayoutAsync("old");
        await AddAsync(1, new KeyEncryption(Second));
        var current = new KeyEncryption(Second, First);

        var counts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Encrypt(current).ExecuteAsync(CancellationToken.None))));

        Assert.Equal(251, counts.Sum());
        Assert.Equal(0, await Encrypt(current).ExecuteAsync(CancellationToken.None));
        var alone = new KeyEncryption(Second);
        await Encrypt(alone).CheckAsync(CancellationToken.None);
        var rows = await RowsAsync();
        Assert.Equal(252, rows.Count);
        Assert.All(rows, row =>
        {
            Assert.Equal(alone.CurrentId, row.EncryptionKeyId);
            Assert.Equal(PrivateKeyOf(row.KeyId), alone.Decrypt(row.RealmId, row.KeyId, row.EncryptedPrivateKey));
        });
    }

    [StorageFact]
    public async Task What_was_done_before_a_replica_was_stopped_is_not_done_again()
    {
        await AddAsync(150, new KeyEncryption(First));
        var current = new KeyEncryption(Second, First);
        var first = (await RowsAsync())[0];
        await using (var session = await database.Database.BeginWriteAsync(CancellationToken.None))
        {
            var encrypted = current.Encrypt(first.RealmId, first.KeyId, PrivateKeyOf(first.KeyId));
            Assert.True(await new EncryptedKeyStore().ReplaceAsync(session, Stored(first), encrypted, current.CurrentId, CancellationToken.None));
            Assert.False(await new EncryptedKeyStore().ReplaceAsync(session, Stored(first), encrypted, current.CurrentId, CancellationToken.None));
            await session.CommitAsync(CancellationToken.None);
        }

        Assert.Equal(149, await Encrypt(current).ExecuteAsync(CancellationToken.None));
    }

    [StorageFact]
    public async Task A_key_that_cannot_be_read_does_not_keep_the_others_from_it()
    {
        await AddAsync(2, new KeyEncryption(First));
        await AddAsync(1, new KeyEncryption(Third));

        Assert.Equal(2, await Encrypt(new KeyEncryption(Second, First)).ExecuteAsync(CancellationToken.None));
    }

    [StorageFact]
    public async Task A_missing_key_is_named_before_anything_else_happens()
    {
        await AddAsync(2, new KeyEncryption(First));
        await AddAsync(3, new KeyEncryption(Third));

        var refusal = await Assert.ThrowsAsync<StartupException>(() => Encrypt(new KeyEncryption(Second, First)).CheckAsync(CancellationToken.None));

        Assert.Equal(
            $"Token:KeyEncryptionKeyFile: 3 signing keys in the database are encrypted under the key-encryption key {new KeyEncryption(Third).CurrentId}, "
            + "which is not configured; name its file in Token:PreviousKeyEncryptionKeyFiles:0.",
            refusal.Message);
    }

    [StorageFact]
    public async Task A_wrong_key_is_found_also_where_the_first_layout_names_none()
    {
        await AddOfTheFirstLayoutAsync("old");

        await Encrypt(new KeyEncryption(First)).CheckAsync(CancellationToken.None);
        var refusal = await Assert.ThrowsAsync<StartupException>(() => Encrypt(new KeyEncryption(Second)).CheckAsync(CancellationToken.None));

        Assert.Equal(
            "Token:KeyEncryptionKeyFile: signing keys in the database are encrypted under another key-encryption key, "
            + "which is not configured; name its file in Token:PreviousKeyEncryptionKeyFiles:0.",
            refusal.Message);
    }

    [StorageFact]
    public async Task A_service_goes_from_one_key_to_the_next_and_its_tokens_stay_good()
    {
        using var folder = new TemporaryFolder();
        var (first, second) = (FileOf(folder, "first", Second), FileOf(folder, "second", Third));
        var realms = new TestRealmFeed();
        realms.Set("demo", TestRealm.Resources("demo"));
        string token;
        await using (var before = await StartAsync(realms, first))
        {
            token = await before.IssueAsync("demo", "demo-service", TestRealm.ServiceSecret);
        }

        await using (var both = await StartAsync(realms, second, first))
        {
            Assert.NotEqual("""{"active":false}""", await both.IntrospectAsync("demo", token));
            await UntilAllAreUnderAsync(new KeyEncryption(Third).CurrentId);
        }

        await using (var after = await StartAsync(realms, second))
        {
            Assert.NotEqual("""{"active":false}""", await after.IntrospectAsync("demo", token));
        }

        var refusal = await Assert.ThrowsAsync<StartupException>(() => StartAsync(realms, first));
        Assert.Equal(
            $"Token:KeyEncryptionKeyFile: 2 signing keys in the database are encrypted under the key-encryption key {new KeyEncryption(Third).CurrentId}, "
            + "which is not configured; name its file in Token:PreviousKeyEncryptionKeyFiles:0.",
            refusal.Message);
    }

    private static string FileOf(TemporaryFolder folder, string name, byte[] key)
    {
        var file = folder.File(name);
        PrivateFile.Write(file, Convert.ToBase64String(key));
        return file;
    }

    private Task<TokenReplica> StartAsync(TestRealmFeed realms, string current, string? previous = null) => TokenReplica.StartAsync(
        new Dictionary<string, string?>(database.Settings)
        {
            ["Token:KeyEncryptionKeyFile"] = current,
            [previous is null ? "Unused" : "Token:PreviousKeyEncryptionKeyFiles:0"] = previous,
        },
        realms,
        _clock);

    /// <summary>It happens in the background; gives up long after every bound that could delay it.</summary>
    private async Task UntilAllAreUnderAsync(string encryptionKeyId)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await RowsAsync()).Any(row => row.EncryptionKeyId != encryptionKeyId))
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private EncryptKeysAnew Encrypt(KeyEncryption encryption) =>
        new(database.Database, new EncryptedKeyStore(), encryption, NullLogger<EncryptKeysAnew>.Instance);

    private async Task AddAsync(int count, KeyEncryption encryption)
    {
        for (var i = 0; i < count; i++)
        {
            var keyId = Guid.NewGuid().ToString("N");
            await AddAsync($"realm-{i % 7}", keyId, encryption.Encrypt($"realm-{i % 7}", keyId, PrivateKeyOf(keyId)), encryption.CurrentId);
        }
    }

    private Task AddOfTheFirstLayoutAsync(string keyId) =>
        AddAsync("realm-0", keyId, KeyEncryptionTests.FirstLayout("realm-0", keyId, PrivateKeyOf(keyId)), encryptionKeyId: "");

    private async Task AddAsync(string realmId, string keyId, byte[] encrypted, string encryptionKeyId)
    {
        await using var session = await database.Database.BeginWriteAsync(CancellationToken.None);
        await new SigningKeyStore().SaveAsync(
            session,
            new SigningKeyRow
            {
                RealmId = realmId,
                KeyId = keyId,
                Algorithm = "ES256",
                EncryptedPrivateKey = encrypted,
                EncryptionKeyId = encryptionKeyId,
                CreatedAt = _clock.GetUtcNow(),
                SignsFrom = _clock.GetUtcNow(),
                LongestLifetime = TimeSpan.FromMinutes(5),
            },
            CancellationToken.None);
        await session.CommitAsync(CancellationToken.None);
    }

    private static byte[] PrivateKeyOf(string keyId) => System.Text.Encoding.ASCII.GetBytes($"the private key {keyId}");

    private static EncryptedKey Stored(SigningKeyRow row) =>
        new() { RealmId = row.RealmId, KeyId = row.KeyId, EncryptionKeyId = row.EncryptionKeyId, EncryptedPrivateKey = row.EncryptedPrivateKey };

    private async Task<IReadOnlyList<SigningKeyRow>> RowsAsync()
    {
        await using var session = await database.Database.OpenAsync(CancellationToken.None);
        return await session.QueryAsync<SigningKeyRow>(
            """
            select realm_id, key_id, algorithm, encrypted_private_key, encryption_key_id, created_at, signing_starts_at as SignsFrom, longest_lifetime
            from realm_key
            order by realm_id, key_id
            """,
            null,
            CancellationToken.None);
    }

    private async Task ExecuteAsync(string sql, object parameters)
    {
        await using var session = await database.Database.BeginWriteAsync(CancellationToken.None);
        await session.ExecuteAsync(sql, parameters, CancellationToken.None);
        await session.CommitAsync(CancellationToken.None);
    }
}

public sealed class SqliteEncryptKeysAnewTests(SqliteTokenDatabase database) : EncryptKeysAnewContract(database), IClassFixture<SqliteTokenDatabase>;

[NeedsPostgres]
public sealed class PostgresEncryptKeysAnewTests(PostgresTokenDatabase database) : EncryptKeysAnewContract(database), IClassFixture<PostgresTokenDatabase>;
