using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.Authorization;
using Pltfrms.Iam.Token.OAuth;
using Pltfrms.Iam.Token.Sessions;

namespace Pltfrms.Iam.Token.Devices;

/// <summary>
/// RFC 8628 section 3.3: where a user types what the device shows, as a page or, for a user interface of one's own, as JSON
/// (<c>Accept: application/json</c>). What follows is the same login and consent as for any client.
/// </summary>
/// <remarks>A code in the link is shown and not taken (section 3.3.1): the user must see that it is the device's.</remarks>
public sealed class DeviceEndpoint(
    RealmSnapshots realms, WaitingDevices devices, Authorizations authorizations, BrowserCookies cookies, DeviceForms forms, RateLimits limits)
{
    public async Task HandleAsync(HttpContext context)
    {
        var realm = await realms.GetAsync(OAuthRoutes.RealmOf(context), minRevision: 0, context.RequestAborted);
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            var parameters = OAuthForm.ParseQuery(context.Request.QueryString.Value);
            await forms.WriteAsync(context, realm.Realm, parameters.Find(OAuthParameters.UserCode), problem: null);
            return;
        }

        var form = await FormReader.ReadAsync(context.Request, context.RequestAborted);
        forms.RequireOwn(context, form);
        limits.RequireUserCode(context);
        var typed = form.Find(OAuthParameters.UserCode) ?? "";
        if (await devices.FindAsync(realm.RealmId, typed, context.RequestAborted) is not { } device)
        {
            await forms.WriteAsync(context, realm.Realm, typed, "The code is unknown or has expired. Look at the device again.");
            return;
        }

        var browser = cookies.Browser(context) ?? throw Authorizations.Gone();
        var open = await authorizations.OpenAsync(realm.RealmId, device.Request, browser, pushedHash: null, context.RequestAborted);
        await forms.WriteAcceptedAsync(context, realm.Realm, open.Handle);
    }
}
