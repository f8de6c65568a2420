using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Devices;
using Pltfrms.Iam.Token.Tokens;
using Pltfrms.Iam.Token.UserGrants;

namespace Pltfrms.Iam.Token.Grants;

/// <summary>RFC 8628 section 3.4: a device asks, again and again, whether its user has answered.</summary>
public sealed class DeviceCodeGrant(
    IDatabase database, DeviceAuthorizationStore devices, NewGrants grants, UserTokens tokens, RevokeGrants revoke, TimeProvider clock) : IGrant
{
    public const string Name = "urn:ietf:params:oauth:grant-type:device_code";

    /// <summary>Section 3.5: "the interval MUST be increased by 5 seconds for this and all subsequent requests".</summary>
    private const long SlowDownSeconds = 5;

    public string GrantType => Name;

    public async ValueTask<IssuedToken> IssueAsync(GrantRequest request, CancellationToken cancellationToken)
    {
        var device = await FindAsync(request, cancellationToken);
        (request.Parameters.Trail.GrantId, request.Parameters.Trail.UserId) = (device.GrantId, device.Access?.UserId);
        if (device.ConsumedAt is null)
        {
            await RequireAnswerAsync(device, cancellationToken);
            var issued = await tokens.IssueAsync(request, device.Access!, device.GrantId, cancellationToken);
            if (await RedeemAsync(request, device, issued, cancellationToken) is { } redeemed)
            {
                return redeemed;
            }
        }

        // As with a code that comes twice.
        await revoke.ExecuteAsync(request.Realm.Realm, GrantFilter.Of(device.RealmId, device.GrantId), request.Reuse(Name), cancellationToken);
        throw UserTokens.Refused();
    }

    private async Task<DeviceAuthorization> FindAsync(GrantRequest request, CancellationToken cancellationToken)
    {
        var value = request.Parameters.DeviceCode ?? throw new IamException(ErrorReason.InvalidRequest, "The parameter device_code is missing.");
        await using var session = await database.OpenAsync(cancellationToken);
        return await devices.FindAsync(session, request.Realm.RealmId, OpaqueValue.Hash(value), cancellationToken) is { } device
            && device.ClientId == request.Client.ClientId
            ? device
            : throw UserTokens.Refused();
    }

    private async Task RequireAnswerAsync(DeviceAuthorization device, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (device.ExpiresAt <= now)
        {
            throw new IamException(ErrorReason.ExpiredToken, "The device code has expired.");
        }

        if (device.State == DeviceState.Denied)
        {
            throw new IamException(ErrorReason.AccessDenied, "The user denied access.");
        }

        if (device.State == DeviceState.Approved)
        {
            return;
        }

        var tooSoon = device.PolledAt is { } polledAt && now < polledAt.AddSeconds(device.IntervalSeconds);
        await using var session = await database.BeginWriteAsync(cancellationToken);
        await devices.PollAsync(session, device, device.IntervalSeconds + (tooSoon ? SlowDownSeconds : 0), now, cancellationToken);
        await session.CommitAsync(cancellationToken);
        throw tooSoon
            ? new IamException(ErrorReason.SlowDown, "The device asks too often.")
            : new IamException(ErrorReason.AuthorizationPending, "The user has not answered yet.");
    }

    /// <summary>Uses the device code and keeps what comes from it, or neither; null where somebody else was first.</summary>
    private async Task<IssuedToken?> RedeemAsync(
        GrantRequest request, DeviceAuthorization device, IssuedToken issued, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginWriteAsync(cancellationToken);
        if (!await devices.ConsumeAsync(session, device, clock.GetUtcNow(), cancellationToken))
        {
            return null;
        }

        var redeemed = await grants.AddAsync(session, request, device.Access!, issued, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return redeemed;
    }
}
