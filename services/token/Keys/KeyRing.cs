using System.Collections.Concurrent;
using System.Security.Cryptography;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Tokens;

namespace Pltfrms.Iam.Token.Keys;

/// <summary>Every realm's keys: made at the first use of the realm anywhere, read from the database at its first use here, in memory after.</summary>
/// <remarks>A realm is its id and when it was made: keys that were read for one realm are never another's that was made later under the same id.</remarks>
public sealed class KeyRing(IDatabase database, SigningKeyStore store, KeyEncryption encryption, TokenOptions options, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, LoadedKeys> _realms = new(StringComparer.Ordinal);

    /// <param name="realm">A realm that exists: the caller has its snapshot.</param>
    /// <param name="cancellationToken">Ends the waiting, not the loading, which others may wait for too.</param>
    /// <exception cref="IamException">STORAGE_UNAVAILABLE, at the first use only; REALM_NOT_FOUND where another realm has taken the id meanwhile.</exception>
    public ValueTask<RealmKeys> GetAsync(Realm realm, CancellationToken cancellationToken)
    {
        if (_realms.TryGetValue(realm.RealmId, out var known) && known.CreatedAt == realm.CreatedAt && known.Keys is { } keys)
        {
            return new(keys);
        }

        return new(LoadOnceAsync(realm, cancellationToken));
    }

    /// <summary>Lets go of a realm that is not in use any more; its keys are read again when it is.</summary>
    public void Forget(string realmId) => _realms.TryRemove(realmId, out _);

    private async Task<RealmKeys> LoadOnceAsync(Realm realm, CancellationToken cancellationToken)
    {
        // The later realm stays: who comes with the one before has a snapshot of a realm that is gone.
        var loading = _realms.AddOrUpdate(
            realm.RealmId,
            id => new LoadedKeys(realm.CreatedAt, () => LoadAsync(id)),
            (id, known) => known.CreatedAt >= realm.CreatedAt ? known : new LoadedKeys(realm.CreatedAt, () => LoadAsync(id)));
        if (loading.CreatedAt != realm.CreatedAt)
        {
            throw new IamException(ErrorReason.RealmNotFound, "There is no such realm any more.");
        }

        try
        {
            return await loading.Loading.WaitAsync(cancellationToken);
        }
        catch when (loading.Loading.IsFaulted)
        {
            _realms.TryRemove(KeyValuePair.Create(realm.RealmId, loading));
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

    /// <summary>The keys of the realm that was made at a certain time, read once for all who wait for them.</summary>
    private sealed class LoadedKeys(DateTimeOffset createdAt, Func<Task<RealmKeys>> load)
    {
        private readonly Lazy<Task<RealmKeys>> _keys = new(load);

        public DateTimeOffset CreatedAt => createdAt;

        public Task<RealmKeys> Loading => _keys.Value;

        /// <summary>Null: not there yet.</summary>
        public RealmKeys? Keys => _keys is { IsValueCreated: true, Value.IsCompletedSuccessfully: true } ? _keys.Value.Result : null;
    }
}
