using Pltfrms.Iam.Common.Http;
using Pltfrms.Iam.Token.Pages;

namespace Pltfrms.Iam.Token.Devices;

/// <summary>What the user of a device sees in the browser.</summary>
public static class DevicePages
{
    /// <param name="context">The request.</param>
    /// <param name="action">Where the form goes.</param>
    /// <param name="csrfToken">The form's proof that it is ours.</param>
    /// <param name="userCode">What the input holds; null: nothing.</param>
    /// <param name="problem">What was wrong with the last attempt; null: it is the first.</param>
    public static Task WriteFormAsync(HttpContext context, string action, string csrfToken, string? userCode, string? problem)
    {
        var alert = problem is null ? Html.Empty : Html.Of($"""<p class="problem" role="alert">{problem}</p>""");
        return HtmlPage.WriteAsync(
            context,
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
            "Connect a device",
            Html.Of($"""
            {alert}
            <form method="post" action="{action}">
            <input type="hidden" name="csrf_token" value="{csrfToken}">
            <label>Code on the device <input type="text" name="user_code" value="{userCode}" autocomplete="off" autocapitalize="characters" spellcheck="false" required autofocus></label>
            <button type="submit">Continue</button>
            </form>
            <p class="hint">Go on only if the device in front of you shows this code.</p>
            """));
    }

    public static Task WriteAnsweredAsync(HttpContext context, bool approved) => HtmlPage.WriteAsync(
        context,
        StatusCodes.Status200OK,
        approved ? "The device is connected" : "The device is not connected",
        approved ? Html.Of($"<p>You can close this page and go back to the device.</p>") : Html.Of($"<p>The device gets no access. You can close this page.</p>"));
}
