using System.Buffers;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Http;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>Reads a request's body as a form, and no more of it than a form of ours can be long.</summary>
public static class FormReader
{
    public const int MaxBodySize = 64 * 1024;

    private static readonly Func<ReadOnlySequence<byte>, OAuthForm> Parse = static body => OAuthForm.Parse(body);
    private static readonly Func<ReadOnlySequence<byte>, OAuthForm> ParseRepeating = static body => OAuthForm.Parse(body, mayRepeat: true);

    /// <exception cref="IamException">UNSUPPORTED_MEDIA_TYPE, REQUEST_TOO_LARGE or INVALID_REQUEST.</exception>
    public static ValueTask<OAuthForm> ReadAsync(HttpRequest request, CancellationToken cancellationToken) =>
        ReadAsync(request, mayRepeat: false, cancellationToken);

    /// <param name="request">The request.</param>
    /// <param name="mayRepeat">Whether parameters may be repeated whose RFC says so.</param>
    /// <param name="cancellationToken">The request's.</param>
    /// <exception cref="IamException">UNSUPPORTED_MEDIA_TYPE, REQUEST_TOO_LARGE or INVALID_REQUEST.</exception>
    public static ValueTask<OAuthForm> ReadAsync(HttpRequest request, bool mayRepeat, CancellationToken cancellationToken)
    {
        RequireForm(request);
        return LimitedBody.ReadAsync(request, MaxBodySize, mayRepeat ? ParseRepeating : Parse, cancellationToken);
    }

    private static void RequireForm(HttpRequest request)
    {
        if (!ContentType.IsPlain(request, ContentType.Form))
        {
            throw new IamException(ErrorReason.UnsupportedMediaType, $"The body must be {ContentType.Form}, in UTF-8 and not compressed.");
        }
    }
}
