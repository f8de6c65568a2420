using System.Security.Cryptography;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Keys;

/// <summary>Puts the private keys of all realms, in use or not, under the current key-encryption key.</summary>
public sealed class EncryptKeysAnew(IDatabase database, EncryptedKeyStore store, KeyEncryption encryption, ILogger<EncryptKeysAnew> log)
{
    private const int BatchSize = 100;

    /// <summary>Makes sure that the private keys can be opened.</summary>
    /// <exception cref="StartupException">With what is wrong and which setting names it.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        foreach (var use in await store.CountAsync(session, cancellationToken))
        {
            if (use.EncryptionKeyId.Length > 0 && !encryption.Ids.Contains(use.EncryptionKeyId))
            {
                throw Missing($"{use.Count} signing keys in the database are encrypted under the key-encryption key {use.EncryptionKeyId}");
            }
        }

        // A key from before there were ids sorts before all others, and tells of its like.
        var others = await store.ListOthersAsync(session, encryption.CurrentId, after: null, 1, cancellationToken);
        if (others is [var key] && !CanOpen(key))
        {
            throw Missing("signing keys in the database are encrypted under another key-encryption key");
        }
    }

    /// <summary>Encrypts what is under another key; how many private keys.</summary>
    /// <exception cref="Common.Errors.IamException">STORAGE_UNAVAILABLE; some may be done, and the next time does the rest.</exception>
    public async Task<int> ExecuteAsync(CancellationToken cancellationToken)
    {
        var count = 0;
        EncryptedKey? last = null;
        while (true)
        {
            var batch = await NextAsync(last, cancellationToken);
            foreach (var key in batch)
            {
                count += await EncryptAsync(key, cancellationToken) ? 1 : 0;
                last = key;
            }

            if (batch.Count < BatchSize)
            {
                return count;
            }
        }
    }

    private async Task<IReadOnlyList<EncryptedKey>> NextAsync(EncryptedKey? last, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await store.ListOthersAsync(session, encryption.CurrentId, last, BatchSize, cancellationToken);
    }

    private async Task<bool> EncryptAsync(EncryptedKey key, CancellationToken cancellationToken)
    {
        byte[] privateKey;
        try
        {
            privateKey = encryption.Decrypt(key.RealmId, key.KeyId, key.EncryptedPrivateKey);
        }
        catch (CryptographicException exception)
        {
            log.KeyUnreadable(exception, key.RealmId, key.KeyId);
            return false;
        }

        var encrypted = encryption.Encrypt(key.RealmId, key.KeyId, privateKey);
        CryptographicOperations.ZeroMemory(privateKey);
        await using var session = await database.BeginWriteAsync(cancellationToken);
        var replaced = await store.ReplaceAsync(session, key, encrypted, encryption.CurrentId, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return replaced;
    }

    private bool CanOpen(EncryptedKey key)
    {
        try
        {
            CryptographicOperations.ZeroMemory(encryption.Decrypt(key.RealmId, key.KeyId, key.EncryptedPrivateKey));
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static StartupException Missing(string what) => new(
        $"{TokenOptions.Section}:{nameof(TokenOptions.KeyEncryptionKeyFile)}: {what}, which is not configured; "
        + $"name its file in {TokenOptions.Section}:{nameof(TokenOptions.PreviousKeyEncryptionKeyFiles)}:0.");
}
