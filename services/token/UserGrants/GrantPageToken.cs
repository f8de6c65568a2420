using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.UserGrants;

/// <summary>Where a page of grants ends, with a mark of the query that it belongs to, as text that means nothing to callers.</summary>
internal static class GrantPageToken
{
    private const int MarkLength = 8;

    public static string Write(string grantId, GrantFilter filter) =>
        Base64Url.EncodeToString([.. Mark(filter), .. Encoding.UTF8.GetBytes(grantId)]);

    /// <exception cref="IamException">INVALID_PAGE_TOKEN.</exception>
    public static string Read(string token, GrantFilter filter)
    {
        if (token.Length == 0)
        {
            return "";
        }

        var bytes = new byte[Base64Url.GetMaxDecodedLength(token.Length)];
        return Base64Url.IsValid(token) && Base64Url.TryDecodeFromChars(token, bytes, out var length)
            && length > MarkLength && bytes.AsSpan(0, MarkLength).SequenceEqual(Mark(filter))
            ? Encoding.UTF8.GetString(bytes.AsSpan(MarkLength, length - MarkLength))
            : throw new IamException(ErrorReason.InvalidPageToken, "The page token is not one of this query.")
            {
                Violations = [new("page_token", "is not one of this query")],
            };
    }

    private static byte[] Mark(GrantFilter filter) =>
        SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes<string[]>([filter.RealmId, filter.UserId, filter.ClientId]))[..MarkLength];
}
