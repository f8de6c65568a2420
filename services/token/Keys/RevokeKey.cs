using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.Keys;

/// <summary>Ends a key that somebody else may have.</summary>
public sealed class RevokeKey(KeyRing keys, KeyChanges changes, ILogger<RevokeKey> log)
{
    /// <exception cref="IamException">RESOURCE_NOT_FOUND where the realm has no such key; STORAGE_UNAVAILABLE.</exception>
    public async Task<RealmKeys> ExecuteAsync(Realm realm, string keyId, KeyActor actor, CancellationToken cancellationToken)
    {
        var current = await keys.GetCurrentAsync(realm, cancellationToken);
        if (!current.Rows.Any(key => key.KeyId == keyId))
        {
            throw new IamException(ErrorReason.ResourceNotFound, "The realm has no such key.");
        }

        await changes.RevokeAsync(realm.RealmId, keyId, realm.SigningKeyRotationInterval, actor, cancellationToken);
        var revoked = await keys.ReadAgainAsync(realm, cancellationToken);
        log.KeyRevoked(realm.RealmId, keyId, actor.Kind, actor.Id);
        return revoked;
    }
}
