using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.Keys;

/// <summary>Lets the next key of an algorithm take over from the one that signs.</summary>
public sealed class RotateKey(KeyRing keys, KeyChanges changes, ILogger<RotateKey> log)
{
    /// <param name="realm">The realm.</param>
    /// <param name="algorithm">Whose key is replaced.</param>
    /// <param name="onlyWhere">The key that signs; where it does not sign any more nothing changes. Null: any.</param>
    /// <param name="actor">Who wants it.</param>
    /// <param name="cancellationToken">The call's.</param>
    /// <exception cref="IamException">RESOURCE_NOT_FOUND where the realm has no key for the algorithm; STORAGE_UNAVAILABLE.</exception>
    public async Task<RealmKeys> ExecuteAsync(
        Realm realm, string algorithm, string? onlyWhere, KeyActor actor, CancellationToken cancellationToken)
    {
        var current = await keys.GetCurrentAsync(realm, cancellationToken);
        if (!current.Rows.Any(key => key.Algorithm == algorithm))
        {
            throw new IamException(ErrorReason.ResourceNotFound, "The realm has no key for this algorithm: no client has asked for one.");
        }

        await changes.RotateAsync(realm.RealmId, algorithm, onlyWhere, realm.SigningKeyRotationInterval, actor, cancellationToken);
        var rotated = await keys.ReadAgainAsync(realm, cancellationToken);
        log.KeyRotated(realm.RealmId, algorithm, actor.Kind, actor.Id);
        return rotated;
    }
}
