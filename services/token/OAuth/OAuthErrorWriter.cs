using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Dpop;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>The one place that turns a refusal into RFC 6749's error JSON (section 5.2).</summary>
public static class OAuthErrorWriter
{
    /// <summary>Not of RFC 6749 but what every client needs to wait for before it tries again.</summary>
    private const string RetryAfterSeconds = "1";

    public static Task WriteAsync(HttpContext context, IamException exception)
    {
        var wire = WireError.For(exception.Reason);
        var response = context.Response;
        response.StatusCode = wire.HttpStatus;
        OAuthJson.NoStore(response);
        switch (wire.HttpStatus)
        {
            case StatusCodes.Status401Unauthorized:
                // RFC 6749 section 5.2 asks for the scheme that was used, RFC 9110 section 15.5.2 for at least one in any case.
                response.Headers.WWWAuthenticate = exception.Reason == ErrorReason.InvalidClient
                    ? "Basic realm=\"oauth2\", charset=\"UTF-8\""
                    : $"Bearer error=\"{wire.OAuthError}\"";
                break;
            case StatusCodes.Status403Forbidden:
                response.Headers.WWWAuthenticate = $"Bearer error=\"{wire.OAuthError}\"";
                break;
            case StatusCodes.Status503ServiceUnavailable:
            case StatusCodes.Status429TooManyRequests:
                response.Headers.RetryAfter = exception.Metadata.GetValueOrDefault(RateLimits.RetryAfter, RetryAfterSeconds);
                break;
        }

        if (exception.Metadata.TryGetValue(DpopNonces.MetadataKey, out var nonce))
        {
            response.Headers[DpopHeader.Nonce] = nonce;
        }

        return OAuthJson.WriteAsync(context, (wire.OAuthError, exception.Message), static (writer, error) =>
        {
            writer.WriteString("error", error.OAuthError);
            writer.WriteString("error_description", error.Message);
        });
    }
}
