using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.Audit;

/// <summary>Where a page of events ends, with a mark of the query that it belongs to, as text that means nothing to callers.</summary>
internal static class TokenEventPageToken
{
    private const int MarkLength = 8;

    public static string Write(long sequence, TokenEventFilter filter, string storyOf)
    {
        var bytes = new byte[MarkLength + sizeof(long)];
        Mark(filter, storyOf).CopyTo(bytes, 0);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(MarkLength), sequence);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The sequence; null: the first page.</summary>
    /// <exception cref="IamException">INVALID_PAGE_TOKEN.</exception>
    public static long? Read(string token, TokenEventFilter filter, string storyOf)
    {
        if (token.Length == 0)
        {
            return null;
        }

        var bytes = new byte[Base64Url.GetMaxDecodedLength(token.Length)];
        return Base64Url.IsValid(token) && Base64Url.TryDecodeFromChars(token, bytes, out var length)
            && length == MarkLength + sizeof(long) && bytes.AsSpan(0, MarkLength).SequenceEqual(Mark(filter, storyOf))
            ? BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(MarkLength))
            : throw new IamException(ErrorReason.InvalidPageToken, "The page token is not one of this query.")
            {
                Violations = [new("page_token", "is not one of this query")],
            };
    }

    private static byte[] Mark(TokenEventFilter filter, string storyOf) =>
        SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new { filter, storyOf }))[..MarkLength];
}
