using System.Buffers;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>Reads a request's whole body, and no more of it than it can be long.</summary>
internal static class LimitedBody
{
    /// <exception cref="IamException">REQUEST_TOO_LARGE.</exception>
    public static async ValueTask<byte[]> ReadAsync(HttpRequest request, int maxSize, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxSize)
        {
            throw TooLarge(maxSize);
        }

        var reader = request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            if (result.Buffer.Length > maxSize)
            {
                reader.AdvanceTo(result.Buffer.End);
                throw TooLarge(maxSize);
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

    public static IamException TooLarge(int maxSize) => new(ErrorReason.RequestTooLarge, $"The body is larger than {maxSize} bytes.");
}
