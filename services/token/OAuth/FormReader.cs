using System.IO.Pipelines;
using Microsoft.Net.Http.Headers;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>Reads a request's body as a form, and no more of it than a form of ours can be long.</summary>
public static class FormReader
{
    public const int MaxBodySize = 64 * 1024;

    private const string MediaType = "application/x-www-form-urlencoded";

    /// <exception cref="IamException">UNSUPPORTED_MEDIA_TYPE, REQUEST_TOO_LARGE or INVALID_REQUEST.</exception>
    public static ValueTask<OAuthForm> ReadAsync(HttpRequest request, CancellationToken cancellationToken) =>
        ReadAsync(request, mayRepeat: false, cancellationToken);

    /// <param name="request">The request.</param>
    /// <param name="mayRepeat">Whether parameters may be repeated whose RFC says so.</param>
    /// <param name="cancellationToken">The request's.</param>
    /// <exception cref="IamException">UNSUPPORTED_MEDIA_TYPE, REQUEST_TOO_LARGE or INVALID_REQUEST.</exception>
    public static async ValueTask<OAuthForm> ReadAsync(HttpRequest request, bool mayRepeat, CancellationToken cancellationToken)
    {
        RequireForm(request);
        if (request.ContentLength > MaxBodySize)
        {
            throw TooLarge();
        }

        var reader = request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            if (result.Buffer.Length > MaxBodySize)
            {
                reader.AdvanceTo(result.Buffer.End);
                throw TooLarge();
            }

            if (result.IsCompleted)
            {
                return Parse(reader, result, mayRepeat);
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static OAuthForm Parse(PipeReader reader, in ReadResult result, bool mayRepeat)
    {
        try
        {
            return OAuthForm.Parse(result.Buffer, mayRepeat);
        }
        finally
        {
            reader.AdvanceTo(result.Buffer.End);
        }
    }

    private static void RequireForm(HttpRequest request)
    {
        if (!IsForm(request.ContentType) || request.Headers.ContentEncoding.Count > 0)
        {
            throw new IamException(ErrorReason.UnsupportedMediaType, $"The body must be {MediaType}, in UTF-8 and not compressed.");
        }
    }

    private static bool IsForm(string? contentType)
    {
        if (string.Equals(contentType, MediaType, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        return MediaTypeHeaderValue.TryParse(contentType, out var parsed)
            && parsed.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase)
            && (!parsed.Charset.HasValue || parsed.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || parsed.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase));
    }

    private static IamException TooLarge() => new(ErrorReason.RequestTooLarge, $"The body is larger than {MaxBodySize} bytes.");
}
