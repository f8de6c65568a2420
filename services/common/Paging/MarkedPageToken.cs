using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Common.Paging;

/// <summary>Where a page ends, with a mark of the query that it belongs to, as text that means nothing to callers. Not secret.</summary>
public static class MarkedPageToken
{
    private const int MarkLength = 8;

    // What lacks a part, or has null for one, is no token of ours.
    private static readonly JsonSerializerOptions Strict = new() { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    /// <param name="position">Where the next page begins.</param>
    /// <param name="query">All that the pages are of, as it can be told in JSON.</param>
    public static string Write<T>(T position, object query) =>
        Base64Url.EncodeToString([.. Mark(query), .. JsonSerializer.SerializeToUtf8Bytes(position)]);

    /// <exception cref="IamException">INVALID_PAGE_TOKEN.</exception>
    public static T Read<T>(string token, object query) => TryRead<T>(token, query, out var position)
        ? position
        : throw new IamException(ErrorReason.InvalidPageToken, "The page token is not one of this query.")
        {
            Violations = [new("page_token", "is not one of this query")],
        };

    public static bool TryRead<T>(string token, object query, [NotNullWhen(true)] out T? position)
    {
        position = default;
        try
        {
            var bytes = Base64Url.DecodeFromChars(token);
            if (bytes.Length > MarkLength && bytes.AsSpan(0, MarkLength).SequenceEqual(Mark(query)))
            {
                position = JsonSerializer.Deserialize<T>(bytes.AsSpan(MarkLength), Strict);
                return position is not null;
            }
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            // None of ours.
        }

        return false;
    }

    private static byte[] Mark(object query) => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(query))[..MarkLength];
}
