using System.Buffers;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>Reads a request's whole body, and no more of it than it can be long.</summary>
internal static class LimitedBody
{
    /// <exception cref="IamException">REQUEST_TOO_LARGE.</exception>
    public static ValueTask<byte[]> ReadAsync(HttpRequest request, int maxSize, CancellationToken cancellationToken) =>
        ReadAsync(request, maxSize, static body => body.ToArray(), cancellationToken);

    /// <param name="request">The request.</param>
    /// <param name="maxSize">In bytes.</param>
    /// <param name="read">Makes something of the whole body, of which nothing is kept.</param>
    /// <param name="cancellationToken">The request's.</param>
    /// <exception cref="IamException">REQUEST_TOO_LARGE, and what <paramref name="read"/> throws.</exception>
    public static async ValueTask<T> ReadAsync<T>(
        HttpRequest request, int maxSize, Func<ReadOnlySequence<byte>, T> read, CancellationToken cancellationToken)
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
                try
                {
                    return read(result.Buffer);
                }
                finally
                {
                    reader.AdvanceTo(result.Buffer.End);
                }
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static IamException TooLarge(int maxSize) => new(ErrorReason.RequestTooLarge, $"The body is larger than {maxSize} bytes.");
}
