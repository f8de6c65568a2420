using System.Text.Json;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Http;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.OAuth;

namespace Pltfrms.Iam.Token.AuthZen;

/// <summary>Reads a request's body as one JSON object (section 10.1), and no more of it than a request of ours can be long.</summary>
internal static class RequestBody
{
    public const int MaxSize = 512 * 1024;

    /// <summary>What callers say of their own things is theirs, and not nested without end.</summary>
    private const int MaxDepth = 32;

    /// <exception cref="IamException">INVALID_REQUEST or REQUEST_TOO_LARGE.</exception>
    public static async ValueTask<JsonElement> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!ContentType.IsPlain(request, ContentType.Json))
        {
            throw Refused($"The body must be {ContentType.Json}, in UTF-8 and not compressed.");
        }

        var bytes = await LimitedBody.ReadAsync(request, MaxSize, cancellationToken);
        return StrictJson.ReadObject(bytes, MaxDepth) ?? throw Refused("The body must be one JSON object with unique names and little nesting.");
    }

    public static IamException Refused(string message) => new(ErrorReason.InvalidRequest, message);
}
