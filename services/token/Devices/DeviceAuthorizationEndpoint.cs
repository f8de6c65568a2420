using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Authorization;
using Pltfrms.Iam.Token.ClientAuthentication;
using Pltfrms.Iam.Token.Grants;
using Pltfrms.Iam.Token.OAuth;
using Pltfrms.Iam.Token.Realms;

namespace Pltfrms.Iam.Token.Devices;

/// <summary>RFC 8628 section 3.1: a device without a browser asks for a code that its user types elsewhere.</summary>
public sealed class DeviceAuthorizationEndpoint(
    RealmSnapshots realms, AuthenticateRequest authentication, IDatabase database, DeviceAuthorizationStore store, Issuers issuers, TimeProvider clock)
{
    private const long Interval = 5;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public async Task HandleAsync(HttpContext context)
    {
        var form = await FormReader.ReadAsync(context.Request, mayRepeat: true, context.RequestAborted);
        var realm = await realms.GetAsync(OAuthRoutes.RealmOf(context), minRevision: 0, context.RequestAborted);
        var client = await authentication.AuthenticateAsync(context, realm, form, allowPublic: true);
        if (!client.GrantTypes.AsSpan().Contains(DeviceCodeGrant.Name))
        {
            throw new IamException(ErrorReason.UnauthorizedClient, "The client may not use this grant type.");
        }

        var (deviceCode, userCode) = (OpaqueValue.New(), UserCode.New());
        var now = clock.GetUtcNow();
        var deviceHash = OpaqueValue.Hash(deviceCode);
        var device = new DeviceAuthorization
        {
            RealmId = realm.RealmId,
            DeviceHash = deviceHash,
            UserCodeHash = UserCode.Hash(userCode)!,
            ClientId = client.ClientId,
            GrantId = TimeOrderedId.New(now),
            Request = ReadAuthorizationRequest.OfDevice(realm, client, deviceHash, form),
            IntervalSeconds = Interval,
            ExpiresAt = now + Lifetime,
        };
        await using var session = await database.BeginWriteAsync(context.RequestAborted);
        await store.AddAsync(session, device, context.RequestAborted);
        await session.CommitAsync(context.RequestAborted);

        var page = issuers.BaseOf(context, realm.Realm) + BrowserAddresses.DevicePath;
        OAuthJson.NoStore(context.Response);
        await OAuthJson.WriteAsync(context, (deviceCode, userCode, page), static (writer, answer) =>
        {
            writer.WriteString("device_code", answer.deviceCode);
            writer.WriteString("user_code", answer.userCode);
            writer.WriteString("verification_uri", answer.page);
            writer.WriteString("verification_uri_complete", $"{answer.page}?user_code={answer.userCode}");
            writer.WriteNumber("expires_in", (long)Lifetime.TotalSeconds);
            writer.WriteNumber("interval", Interval);
        });
    }
}
