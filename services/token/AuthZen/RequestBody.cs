using System.Text.Json;
using Microsoft.Net.Http.Headers;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.AuthZen;

/// <summary>Reads a request's body as one JSON object (section 10.1), and no more of it than a request of ours can be long.</summary>
internal static class RequestBody
{
    public const int MaxSize = 512 * 1024;

    /// <summary>What callers say of their own things is theirs, and not nested without end.</summary>
    private const int MaxDepth = 32;

    private const string MediaType = "application/json";

    /// <exception cref="IamException">INVALID_REQUEST or REQUEST_TOO_LARGE.</exception>
    public static async ValueTask<JsonElement> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!IsJson(request.ContentType) || request.Headers.ContentEncoding.Count > 0)
        {
            throw Refused($"The body must be {MediaType}, in UTF-8 and not compressed.");
        }

        if (request.ContentLength > MaxSize)
        {
            throw TooLarge();
        }

        var bytes = await ReadBytesAsync(request.Body, cancellationToken);
        return StrictJson.ReadObject(bytes, MaxDepth) ?? throw Refused("The body must be one JSON object with unique names and little nesting.");
    }

    public static IamException Refused(string message) => new(ErrorReason.InvalidRequest, message);

    private static async ValueTask<byte[]> ReadBytesAsync(Stream body, CancellationToken cancellationToken)
    {
        using var read = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (read.Length + count > MaxSize)
            {
                throw TooLarge();
            }

            read.Write(buffer, 0, count);
        }

        return read.ToArray();
    }

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var parsed)
        && parsed.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase)
        && (!parsed.Charset.HasValue || HeaderUtilities.RemoveQuotes(parsed.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static IamException TooLarge() => new(ErrorReason.RequestTooLarge, $"The body is larger than {MaxSize} bytes.");
}
