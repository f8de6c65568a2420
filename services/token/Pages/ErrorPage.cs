using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Http;
using Pltfrms.Iam.Token.OAuth;

namespace Pltfrms.Iam.Token.Pages;

/// <summary>Tells a user what went wrong where no client may be told.</summary>
public static class ErrorPage
{
    public static Task WriteAsync(HttpContext context, IamException refusal)
    {
        var wire = WireError.For(refusal.Reason);
        if (wire.HttpStatus is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests)
        {
            context.Response.Headers.RetryAfter = refusal.Metadata.GetValueOrDefault(RateLimits.RetryAfter, "1");
        }

        // 401 would need a challenge that no browser can answer.
        var status = wire.HttpStatus == StatusCodes.Status401Unauthorized ? StatusCodes.Status400BadRequest : wire.HttpStatus;
        return HtmlPage.WriteAsync(
            context,
            status,
            "That did not work",
            Html.Of($"""<p class="problem" role="alert">{refusal.Message}</p><p class="hint">Error: <code>{wire.OAuthError}</code></p>"""));
    }
}
