using System.Collections.Concurrent;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.Keys;

/// <summary>Every realm's keys: made at the first use of the realm anywhere, read from the database at its first use here, in memory after.</summary>
/// <remarks>
/// <see cref="KeyFeed"/> keeps them current. Knowing that they may be old, this replica asks the database instead of guessing.
/// A realm is its id and when it was made: keys that were read for one realm are never another's that was made later under the same id.
/// </remarks>
public sealed class KeyRing(KeyReader reader, KeyChanges changes, TokenOptions options, TimeProvider clock)
{
    private const int Attempts = 5;

    private readonly ConcurrentDictionary<string, LoadingKeys> _realms = new(StringComparer.Ordinal);
    private readonly KeyTimes _times = KeyTimes.Of(options);

    /// <param name="realm">A realm that exists: the caller has its snapshot.</param>
    /// <param name="cancellationToken">Ends the waiting, not the loading, which others may wait for too.</param>
    /// <exception cref="IamException">STORAGE_UNAVAILABLE, at the first use only; REALM_NOT_FOUND where another realm has taken the id meanwhile.</exception>
    public ValueTask<RealmKeys> GetAsync(Realm realm, CancellationToken cancellationToken) =>
        Find(realm) is { } loaded ? new(loaded.Keys) : new(LoadKeysAsync(realm, cancellationToken));

    /// <summary>The keys, and none that any replica signs with is missing.</summary>
    /// <exception cref="IamException">STORAGE_UNAVAILABLE where nobody can know.</exception>
    public async ValueTask<RealmKeys> GetCurrentAsync(Realm realm, CancellationToken cancellationToken)
    {
        var loaded = Find(realm) ?? await LoadOnceAsync(realm, SignatureAlgorithms.Es256, TimeSpan.Zero, cancellationToken);
        if (clock.GetElapsedTime(loaded.ConfirmedAt) > options.RevocationStaleAfter)
        {
            await ReadAgainAsync(loaded, cancellationToken);
        }

        return loaded.Keys;
    }

    /// <summary>The key that signs a token now.</summary>
    /// <param name="realm">A realm that exists.</param>
    /// <param name="algorithm">One of <see cref="SignatureAlgorithms"/>.</param>
    /// <param name="lifetime">The token's.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="IamException">
    /// STORAGE_UNAVAILABLE where a key must be made, or this replica has not heard of the realm's keys for so long that others may have replaced them.
    /// </exception>
    public ValueTask<SigningKey> SignerAsync(Realm realm, string algorithm, TimeSpan lifetime, CancellationToken cancellationToken) =>
        Find(realm) is { } loaded
        && clock.GetElapsedTime(loaded.ConfirmedAt) < _times.SignsUnconfirmed
        && loaded.Keys.Signer(algorithm, lifetime, clock.GetUtcNow()) is { } key
            ? new(key)
            : new(FindSignerAsync(realm, algorithm, lifetime, cancellationToken));

    /// <summary>Lets go of a realm that is not in use any more; its keys are read again when it is.</summary>
    public void Forget(string realmId) => _realms.TryRemove(realmId, out _);

    /// <summary>Reads what other replicas changed in the realms in use, and takes care of keys whose time has come.</summary>
    /// <exception cref="IamException">STORAGE_UNAVAILABLE.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var loaded = Loaded().ToList();
        if (loaded.Count == 0)
        {
            return;
        }

        // Taken before the read: what commits after the read began is not confirmed.
        var askedAt = clock.GetTimestamp();
        var versions = await reader.VersionsAsync(loaded.Select(keys => keys.Realm.RealmId), cancellationToken);
        List<Exception> faults = [];
        foreach (var keys in loaded)
        {
            try
            {
                await RefreshAsync(keys, versions.GetValueOrDefault(keys.Realm.RealmId), askedAt, cancellationToken);
            }
            catch (Exception exception) when (exception is not IamException and not OperationCanceledException)
            {
                // The keys of one realm that cannot be read are no reason to forget the others.
                faults.Add(exception);
            }
        }

        if (faults.Count > 0)
        {
            throw new AggregateException(faults);
        }
    }

    /// <summary>Reads a realm's keys after a change that was made here.</summary>
    public async Task<RealmKeys> ReadAgainAsync(Realm realm, CancellationToken cancellationToken)
    {
        var loaded = await LoadOnceAsync(realm, SignatureAlgorithms.Es256, TimeSpan.Zero, cancellationToken);
        await ReadAsync(loaded);
        return loaded.Keys;
    }

    private async Task RefreshAsync(LoadedKeys loaded, long version, long askedAt, CancellationToken cancellationToken)
    {
        if (version != loaded.Keys.Version)
        {
            await ReadAsync(loaded);
        }
        else
        {
            loaded.Confirm(askedAt);
        }

        if (KeyPlan.IsDue(loaded.Keys.Rows, loaded.Realm.SigningKeyRotationInterval, clock.GetUtcNow(), _times))
        {
            await changes.KeepAsync(loaded.Realm.RealmId, loaded.Realm.SigningKeyRotationInterval, cancellationToken);
            await ReadAsync(loaded);
        }
    }

    private LoadedKeys? Find(Realm realm)
    {
        if (!_realms.TryGetValue(realm.RealmId, out var known) || known.CreatedAt != realm.CreatedAt || known.Loaded is not { } loaded)
        {
            return null;
        }

        if (!ReferenceEquals(loaded.Realm, realm))
        {
            loaded.Realm = realm;
        }

        return loaded;
    }

    private async Task<RealmKeys> LoadKeysAsync(Realm realm, CancellationToken cancellationToken) =>
        (await LoadOnceAsync(realm, SignatureAlgorithms.Es256, TimeSpan.Zero, cancellationToken)).Keys;

    private async Task<SigningKey> FindSignerAsync(Realm realm, string algorithm, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var loaded = await LoadOnceAsync(realm, algorithm, lifetime, cancellationToken);
        if (clock.GetElapsedTime(loaded.ConfirmedAt) >= _times.SignsUnconfirmed)
        {
            await ReadAgainAsync(loaded, cancellationToken);
        }

        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var now = clock.GetUtcNow();
            if (loaded.Keys.Signer(algorithm, lifetime, now) is { } key)
            {
                return key;
            }

            if (loaded.Keys.Signer(algorithm, TimeSpan.Zero, now) is { } shorter)
            {
                await changes.LengthenAsync(realm.RealmId, shorter.KeyId, lifetime, cancellationToken);
                await ReadAsync(loaded);
            }
            else if (loaded.Keys.NextSignsFrom(algorithm, now) is { } from && from - now <= _times.Spreading)
            {
                // The first key of its algorithm in the realm, or the one after a revoked one: until all replicas publish it.
                await Task.Delay(from - now, clock, cancellationToken);
            }
            else
            {
                await changes.ProvideAsync(realm.RealmId, algorithm, realm.SigningKeyRotationInterval, lifetime, cancellationToken);
                await ReadAsync(loaded);
            }
        }

        throw new IamException(ErrorReason.StorageUnavailable, "The realm has no key that signs now; try again.");
    }

    private async Task<LoadedKeys> LoadOnceAsync(Realm realm, string algorithm, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        // The later realm stays: who comes with the one before has a snapshot of a realm that is gone.
        var loading = _realms.AddOrUpdate(
            realm.RealmId,
            _ => new LoadingKeys(realm.CreatedAt, () => LoadAsync(realm, algorithm, lifetime)),
            (_, known) => known.CreatedAt >= realm.CreatedAt ? known : new LoadingKeys(realm.CreatedAt, () => LoadAsync(realm, algorithm, lifetime)));
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

    private async Task<LoadedKeys> LoadAsync(Realm realm, string algorithm, TimeSpan lifetime)
    {
        var askedAt = clock.GetTimestamp();
        var keys = await reader.ReadAsync(realm.RealmId, before: null, CancellationToken.None);
        if (keys.Rows.Count == 0)
        {
            // Replicas race here; one makes the keys, and all read back what there is.
            var longest = lifetime > realm.AccessTokenLifetime ? lifetime : realm.AccessTokenLifetime;
            await changes.ProvideAsync(realm.RealmId, algorithm, realm.SigningKeyRotationInterval, longest, CancellationToken.None);
            askedAt = clock.GetTimestamp();
            keys = await reader.ReadAsync(realm.RealmId, before: null, CancellationToken.None);
        }

        return new LoadedKeys(realm, keys, askedAt);
    }

    private Task ReadAgainAsync(LoadedKeys loaded, CancellationToken cancellationToken) => loaded.ReadOnceAsync(() => ReadAsync(loaded), cancellationToken);

    private async Task ReadAsync(LoadedKeys loaded)
    {
        var askedAt = clock.GetTimestamp();
        loaded.Swap(await reader.ReadAsync(loaded.Realm.RealmId, loaded.Keys, CancellationToken.None), askedAt);
    }

    private IEnumerable<LoadedKeys> Loaded() =>
        from loading in _realms.Values
        where loading.Loaded is not null
        select loading.Loaded;

    /// <summary>The keys of the realm that was made at a certain time, read once for all who wait for them.</summary>
    private sealed class LoadingKeys(DateTimeOffset createdAt, Func<Task<LoadedKeys>> load)
    {
        private readonly Lazy<Task<LoadedKeys>> _keys = new(load);

        public DateTimeOffset CreatedAt => createdAt;

        public Task<LoadedKeys> Loading => _keys.Value;

        /// <summary>Null: not there yet.</summary>
        public LoadedKeys? Loaded => _keys is { IsValueCreated: true, Value.IsCompletedSuccessfully: true } ? _keys.Value.Result : null;
    }
}
