using Pltfrms.Iam.Common.Errors;

namespace Pltfrms.Iam.Consent.Pages;

/// <summary>The one place that turns a refusal into a page or into JSON.</summary>
internal static class PageErrors
{
    private const string RetryAfterSeconds = "1";

    private static readonly object WayBackKey = new();

    /// <summary>Puts a link into the page, should it come to that.</summary>
    /// <param name="context">The request.</param>
    /// <param name="address">Null: none.</param>
    public static void OfferWayBack(HttpContext context, string? address) => context.Items[WayBackKey] = address;

    public static Task WriteAsync(HttpContext context, IamException exception)
    {
        var wire = WireError.For(exception.Reason);
        context.Response.StatusCode = wire.HttpStatus;
        switch (wire.HttpStatus)
        {
            case StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden when context.Request.Headers.Authorization.Count > 0:
                context.Response.Headers.WWWAuthenticate = $"Bearer error=\"{wire.OAuthError}\"";
                break;
            case StatusCodes.Status401Unauthorized:
                context.Response.Headers.WWWAuthenticate = "Bearer";
                break;
            case StatusCodes.Status503ServiceUnavailable:
                context.Response.Headers.RetryAfter = RetryAfterSeconds;
                break;
        }

        return PageResponse.PrefersPage(context.Request)
            ? PageResponse.WritePageAsync(context, ErrorPage.Render(
                PageTexts.For([.. PageTexts.Asked(context.Request), .. PageTexts.Accepted(context.Request)]),
                exception.Reason,
                context.Items[WayBackKey] as string))
            : PageResponse.WriteJsonAsync(context, writer =>
            {
                writer.WriteString("error", wire.OAuthError);
                writer.WriteString("error_description", Describe(exception));
            });
    }

    private static string Describe(IamException exception) => exception.Violations.Count == 0
        ? exception.Message
        : $"{exception.Message} {string.Join("; ", exception.Violations.Select(violation => $"{violation.Field} {violation.Description}"))}.";
}
