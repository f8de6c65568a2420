using System.Text;
using Pltfrms.Iam.Common.Http;
using Pltfrms.Iam.Token.Pages;

namespace Pltfrms.Iam.Token.Authorization;

/// <summary>Sends a browser to the client with an answer.</summary>
public static class AuthorizationAnswerWriter
{
    private const string Submit = "document.forms[0].submit()";

    public static Task WriteAsync(HttpContext context, AuthorizationAnswer answer)
    {
        if (answer.Target.ResponseMode == ResponseMode.FormPost)
        {
            return WriteFormAsync(context, answer);
        }

        BrowserRedirect.To(context, WithQuery(answer));
        return Task.CompletedTask;
    }

    private static string WithQuery(AuthorizationAnswer answer)
    {
        var uri = new StringBuilder(answer.Target.RedirectUri);
        var separator = answer.Target.RedirectUri.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        foreach (var (name, value) in answer.Parameters)
        {
            uri.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }

        return uri.ToString();
    }

    private static Task WriteFormAsync(HttpContext context, AuthorizationAnswer answer)
    {
        var inputs = answer.Parameters.Select(parameter => Html.Of($"""<input type="hidden" name="{parameter.Key}" value="{Html.Exactly(parameter.Value)}">"""));
        return HtmlPage.WriteAsync(
            context,
            StatusCodes.Status200OK,
            "Back to the application",
            Html.Of($"""<form method="post" action="{Html.Exactly(answer.Target.RedirectUri)}">{inputs}<button type="submit">Continue</button></form>"""),
            Submit);
    }
}
