using System.Collections.Concurrent;
using System.Security.Cryptography;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Token.Tokens;

namespace Pltfrms.Iam.Token.Keys;

/// <summary>Every realm's keys: made at the first use of the realm anywhere, read from the database at its first use here, in memory after.</summary>
public sealed class KeyRing(IDatabase database, SigningKeyStore store, KeyEncryption encryption, TokenOptions options, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<RealmKeys>>> _realms = new(StringComparer.Ordinal);

    /// <param name="realmId">A realm that exists: the caller has asked its snapshot.</param>
    /// <param name="cancellationToken">Ends the waiting, not the loading, which others may wait for too.</param>
    /// <exception cref="Common.Errors.IamException">STORAGE_UNAVAILABLE, at the first use only.</exception>
    public ValueTask<RealmKeys> GetAsync(string realmId, CancellationToken cancellationToken)
    {
        if (_realms.TryGetValue(realmId, out var known) && known is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            return new(known.Value.Result);
        }

        return new(LoadOnceAsync(realmId, cancellationToken));
    }

    /// <summary>Lets go of a realm that is not in use any more; its keys are read again when it is.</summary>
    public void Forget(string realmId) => _realms.TryRemove(realmId, out _);

    private async Task<RealmKeys> LoadOnceAsync(string realmId, CancellationToken cancellationToken)
    {
        var loading = _realms.GetOrAdd(realmId, id => new Lazy<Task<RealmKeys>>(() => LoadAsync(id)));
        try
        {
            return await loading.Value.WaitAsync(cancellationToken);
        }
        catch when (loading.Value.IsFaulted)
        {
            _realms.TryRemove(KeyValuePair.Create(realmId, loading));
            throw;
        }
    }

    private async Task<RealmKeys> LoadAsync(string realmId)
    {
        var rows = await ReadAsync(realmId);
        if (!rows.Any(row => row.State == SigningKeyState.Active))
        {
            // Replicas race here; the database lets one win, and all read back what it keeps.
            await using (var session = await database.BeginWriteAsync(CancellationToken.None))
            {
                await store.AddAsync(session, NewKey(realmId), CancellationToken.None);
                await session.CommitAsync(CancellationToken.None);
            }

            rows = await ReadAsync(realmId);
        }

        var keys = rows.ToDictionary(row => row.KeyId, Open);
        return new RealmKeys(
            keys[rows.Single(row => row.State == SigningKeyState.Active).KeyId],
            [.. keys.Values],
            new VerifiedTokenCache(options.VerifiedTokensPerRealm, clock));
    }

    private async Task<IReadOnlyList<SigningKeyRow>> ReadAsync(string realmId)
    {
        await using var session = await database.OpenAsync(CancellationToken.None);
        return await store.ListAsync(session, realmId, CancellationToken.None);
    }

    private SigningKeyRow NewKey(string realmId)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var keyId = new SigningKey(key.ExportParameters(includePrivateParameters: false)).KeyId;
        var privateKey = key.ExportPkcs8PrivateKey();
        try
        {
            return new SigningKeyRow
            {
                RealmId = realmId,
                KeyId = keyId,
                State = SigningKeyState.Active,
                EncryptedPrivateKey = encryption.Encrypt(realmId, keyId, privateKey),
                CreatedAt = clock.GetUtcNow(),
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(privateKey);
        }
    }

    private SigningKey Open(SigningKeyRow row)
    {
        var privateKey = encryption.Decrypt(row.RealmId, row.KeyId, row.EncryptedPrivateKey);
        try
        {
            using var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(privateKey, out _);
            return new SigningKey(key.ExportParameters(includePrivateParameters: true));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(privateKey);
        }
    }
}
