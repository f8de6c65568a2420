using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Token.Keys;

/// <summary>Tells which keys a realm has, and where each is in its life.</summary>
public sealed class ListKeys(KeyRing keys, KeyClock clock)
{
    /// <exception cref="Common.Errors.IamException">STORAGE_UNAVAILABLE.</exception>
    public ValueTask<RealmKeys> ExecuteAsync(Realm realm, CancellationToken cancellationToken) => keys.GetCurrentAsync(realm, cancellationToken);

    /// <summary>Ordered by algorithm and by when they sign.</summary>
    public IEnumerable<ListedKey> Of(RealmKeys realm)
    {
        var now = clock.Now;
        return from key in realm.Rows
               orderby key.Algorithm, key.SignsFrom, key.KeyId
               select new ListedKey(key, realm.StageOf(key, now), KeyStages.EndsAt(key, clock.Times));
    }
}

/// <summary>A key with where it is in its life, and when that ends; null: as things are, never.</summary>
public sealed record ListedKey(SigningKeyRow Row, KeyStage Stage, DateTimeOffset? EndsAt);
