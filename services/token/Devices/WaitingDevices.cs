using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Devices;

/// <summary>Devices by what they show.</summary>
public sealed class WaitingDevices(IDatabase database, DeviceAuthorizationStore store, TimeProvider clock)
{
    /// <summary>The device that shows a code and waits for its user; null: there is none.</summary>
    public async Task<DeviceAuthorization?> FindAsync(string realmId, string typed, CancellationToken cancellationToken)
    {
        if (UserCode.Hash(typed) is not { } hash)
        {
            return null;
        }

        await using var session = await database.OpenAsync(cancellationToken);
        return await store.FindWaitingAsync(session, realmId, hash, clock.GetUtcNow(), cancellationToken);
    }
}
