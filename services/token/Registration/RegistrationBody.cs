using System.Text;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Http;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.OAuth;

namespace Pltfrms.Iam.Token.Registration;

/// <summary>Reads client metadata from a request's body (RFC 7591 section 3.1), and no more of it than they can be long.</summary>
internal static class RegistrationBody
{
    // A logo, keys and a software statement of their longest, and the rest.
    private const int MaxSize = 128 * 1024;

    /// <summary>The body as text: a JSON object, whose members nobody has looked at.</summary>
    /// <exception cref="IamException">UNSUPPORTED_MEDIA_TYPE, REQUEST_TOO_LARGE, INVALID_CLIENT_METADATA.</exception>
    public static async Task<string> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!ContentType.IsPlain(request, ContentType.Json))
        {
            throw new IamException(ErrorReason.UnsupportedMediaType, $"The body must be {ContentType.Json}, in UTF-8 and not compressed.");
        }

        var bytes = await LimitedBody.ReadAsync(request, MaxSize, cancellationToken);
        return StrictJson.ReadObject(bytes) is not null
            ? Encoding.UTF8.GetString(bytes)
            : throw new IamException(ErrorReason.InvalidClientMetadata, "The body must be a JSON object with unique names and little nesting.");
    }
}
