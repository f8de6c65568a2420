using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.Net.Http.Headers;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.Registration;

/// <summary>Reads client metadata from a request's body (RFC 7591 section 3.1), and no more of it than they can be long.</summary>
internal static class RegistrationBody
{
    // A logo, keys and a software statement of their longest, and the rest.
    private const int MaxSize = 128 * 1024;

    private const string MediaType = "application/json";

    /// <summary>The body as text: a JSON object, whose members nobody has looked at.</summary>
    /// <exception cref="IamException">UNSUPPORTED_MEDIA_TYPE, REQUEST_TOO_LARGE, INVALID_CLIENT_METADATA.</exception>
    public static async Task<string> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!IsJson(request.ContentType) || request.Headers.ContentEncoding.Count > 0)
        {
            throw new IamException(ErrorReason.UnsupportedMediaType, $"The body must be {MediaType}, in UTF-8 and not compressed.");
        }

        if (request.ContentLength > MaxSize)
        {
            throw TooLarge();
        }

        var bytes = await ReadAsync(request.BodyReader, cancellationToken);
        return StrictJson.ReadObject(bytes) is not null
            ? Encoding.UTF8.GetString(bytes)
            : throw new IamException(ErrorReason.InvalidClientMetadata, "The body must be a JSON object with unique names and little nesting.");
    }

    private static async Task<byte[]> ReadAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            if (result.Buffer.Length > MaxSize)
            {
                reader.AdvanceTo(result.Buffer.End);
                throw TooLarge();
            }

            if (result.IsCompleted)
            {
                var bytes = result.Buffer.ToArray();
                reader.AdvanceTo(result.Buffer.End);
                return bytes;
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var parsed)
        && parsed.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase)
        && (!parsed.Charset.HasValue || parsed.Charset.Value.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static IamException TooLarge() => new(ErrorReason.RequestTooLarge, $"The body is larger than {MaxSize} bytes.");
}
