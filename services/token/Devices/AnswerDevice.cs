using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Token.Authorization;
using Pltfrms.Iam.Token.Codes;

namespace Pltfrms.Iam.Token.Devices;

/// <summary>Keeps what a device's user said, until the device asks.</summary>
public sealed class AnswerDevice(IDatabase database, AuthorizationStore authorizations, DeviceAuthorizationStore devices, TimeProvider clock)
{
    /// <exception cref="Common.Errors.IamException">INVALID_REQUEST where it was answered before, or waits no longer.</exception>
    public async Task ApproveAsync(OpenAuthorization open, UserAccess access, CancellationToken cancellationToken)
    {
        var (realmId, now) = (open.Pending.RealmId, clock.GetUtcNow());
        await using var session = await database.BeginWriteAsync(cancellationToken);
        if (!await authorizations.CompleteAsync(session, realmId, open.Pending.RequestHash, now, cancellationToken)
            || !await devices.AnswerAsync(session, realmId, open.Request.DeviceHash!, access, now, cancellationToken))
        {
            throw Authorizations.Gone();
        }

        await session.CommitAsync(cancellationToken);
    }

    public async Task DenyAsync(string realmId, string deviceHash, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginWriteAsync(cancellationToken);
        await devices.AnswerAsync(session, realmId, deviceHash, access: null, clock.GetUtcNow(), cancellationToken);
        await session.CommitAsync(cancellationToken);
    }
}
