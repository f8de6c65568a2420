using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Http;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Authorization;
using Pltfrms.Iam.Token.OAuth;
using Pltfrms.Iam.Token.Pages;
using Pltfrms.Iam.Token.Realms;
using Pltfrms.Iam.Token.Sessions;

namespace Pltfrms.Iam.Token.Devices;

/// <summary>The form for a device's code, as HTML or as JSON.</summary>
public sealed class DeviceForms(BrowserCookies cookies, Issuers issuers)
{
    /// <param name="context">The request.</param>
    /// <param name="realm">The realm.</param>
    /// <param name="userCode">What the input holds; null: nothing.</param>
    /// <param name="problem">What was wrong with the last attempt; null: it is the first.</param>
    public Task WriteAsync(HttpContext context, Realm realm, string? userCode, string? problem)
    {
        var csrfToken = CsrfToken(cookies.RequireBrowser(context));
        if (!WantsJson(context))
        {
            return DevicePages.WriteFormAsync(context, issuers.BaseOf(context, realm) + BrowserAddresses.DevicePath, csrfToken, userCode, problem);
        }

        SecurityHeaders.Set(context.Response);
        context.Response.StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        return OAuthJson.WriteAsync(context, (csrfToken, problem), static (writer, state) =>
        {
            if (state.problem is not null)
            {
                writer.WriteString("error", "invalid_request");
                writer.WriteString("error_description", state.problem);
            }

            writer.WriteString(OAuthParameters.CsrfToken, state.csrfToken);
        });
    }

    /// <summary>The code was right: on to login and consent.</summary>
    public Task WriteAcceptedAsync(HttpContext context, Realm realm, string handle)
    {
        var next = BrowserAddresses.Resume(issuers.BaseOf(context, realm), handle);
        if (!WantsJson(context))
        {
            BrowserRedirect.To(context, next);
            return Task.CompletedTask;
        }

        SecurityHeaders.Set(context.Response);
        return OAuthJson.WriteAsync(context, next, static (writer, next) => writer.WriteString("redirect_to", next));
    }

    /// <summary>A form of another site knows neither the browser's cookie nor what comes of it.</summary>
    /// <exception cref="IamException">INVALID_REQUEST.</exception>
    public void RequireOwn(HttpContext context, OAuthForm form)
    {
        if (cookies.Browser(context) is not { } browser || form.Find(OAuthParameters.CsrfToken) != CsrfToken(browser))
        {
            throw new IamException(ErrorReason.InvalidRequest, "The form is not one of this browser's. Open the page again.");
        }
    }

    private static string CsrfToken(string browser) => OpaqueValue.Hash($"device form of {browser}");

    private static bool WantsJson(HttpContext context) =>
        context.Request.Headers.Accept.ToString().Contains("application/json", StringComparison.OrdinalIgnoreCase);
}
