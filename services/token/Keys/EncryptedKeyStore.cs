using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Keys;

/// <summary>The private keys in the table <c>realm_key</c>, of all realms, as those see them who encrypt them.</summary>
public sealed class EncryptedKeyStore
{
    private const string CountSql = """
        select encryption_key_id, count(*) as count
        from realm_key
        where revoked_at is null
        group by encryption_key_id
        order by encryption_key_id
        """;

    private const string ListSql = """
        select realm_id, key_id, encryption_key_id, encrypted_private_key
        from realm_key
        where encryption_key_id <> @currentId and revoked_at is null and (realm_id > @afterRealmId or (realm_id = @afterRealmId and key_id > @afterKeyId))
        order by realm_id, key_id
        limit @limit
        """;

    private const string ReplaceSql = """
        update realm_key
        set encrypted_private_key = @encrypted, encryption_key_id = @encryptionKeyId
        where realm_id = @realmId and key_id = @keyId and encryption_key_id = @before and revoked_at is null
        """;

    /// <summary>How many private keys are under each key-encryption key; the empty id stands for keys from before there were ids.</summary>
    public Task<IReadOnlyList<EncryptionKeyUse>> CountAsync(DatabaseSession session, CancellationToken cancellationToken) =>
        session.QueryAsync<EncryptionKeyUse>(CountSql, null, cancellationToken);

    /// <summary>Private keys that are not under the current key-encryption key, in the order of their ids.</summary>
    public Task<IReadOnlyList<EncryptedKey>> ListOthersAsync(
        DatabaseSession session, string currentId, EncryptedKey? after, int limit, CancellationToken cancellationToken) =>
        session.QueryAsync<EncryptedKey>(
            ListSql, new { currentId, afterRealmId = after?.RealmId ?? "", afterKeyId = after?.KeyId ?? "", limit }, cancellationToken);

    /// <summary>False where somebody else was faster, or the key is gone.</summary>
    public async Task<bool> ReplaceAsync(
        DatabaseSession session, EncryptedKey before, byte[] encrypted, string encryptionKeyId, CancellationToken cancellationToken) =>
        await session.ExecuteAsync(
            ReplaceSql, new { realmId = before.RealmId, keyId = before.KeyId, before = before.EncryptionKeyId, encrypted, encryptionKeyId }, cancellationToken) == 1;
}

/// <summary>A private key as it is stored.</summary>
public sealed record EncryptedKey
{
    public required string RealmId { get; init; }

    public required string KeyId { get; init; }

    public required string EncryptionKeyId { get; init; }

    public required byte[] EncryptedPrivateKey { get; init; }
}

/// <summary>How many private keys a key-encryption key protects.</summary>
public sealed record EncryptionKeyUse
{
    public required string EncryptionKeyId { get; init; }

    public required long Count { get; init; }
}
