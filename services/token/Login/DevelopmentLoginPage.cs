using Pltfrms.Iam.Common.Http;
using Pltfrms.Iam.Token.Authorization;
using Pltfrms.Iam.Token.Pages;

namespace Pltfrms.Iam.Token.Login;

/// <summary>The form of <see cref="DevelopmentLogin"/>.</summary>
public static class DevelopmentLoginPage
{
    /// <param name="context">The request.</param>
    /// <param name="flow">What the login is for.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="problem">What was wrong with the last attempt; null: it is the first.</param>
    public static Task WriteAsync(HttpContext context, FlowContext flow, int status, string? problem)
    {
        var realm = flow.Realm.Realm.DisplayName is { Length: > 0 } name ? name : flow.Realm.RealmId;
        var purpose = flow.ClientName() is { } client ? $"For {client}" : "To see which applications have access to your account";
        var alert = problem is null ? Html.Empty : Html.Of($"""<p class="problem" role="alert">{problem}</p>""");
        return HtmlPage.WriteAsync(
            context,
            status,
            $"Log in to {realm}",
            Html.Of($"""
            <p>{purpose}</p>
            {alert}
            <form method="post" action="{flow.BaseAddress}{BrowserAddresses.LoginPath}">
            <input type="hidden" name="request" value="{flow.Open.Handle}">
            <label>User name <input type="text" name="username" value="{flow.Request.LoginHint}" autocomplete="username" required autofocus></label>
            <button type="submit">Log in</button>
            </form>
            <p class="hint">Development login: no password is asked for.</p>
            """));
    }
}
