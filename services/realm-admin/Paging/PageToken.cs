using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.RealmAdmin.Paging;

/// <summary>Where a list goes on: the last id of the page before, bound to the query that the page was of (AIP-158). Opaque, not secret.</summary>
internal static class PageToken
{
    private const int ChecksumLength = 9;

    public static string Create(string query, string lastId)
    {
        var id = Encoding.UTF8.GetBytes(lastId);
        return Base64Url.EncodeToString([.. Checksum(query, id), .. id]);
    }

    /// <summary>The id to go on after; empty for an empty token.</summary>
    /// <exception cref="IamException">INVALID_PAGE_TOKEN.</exception>
    public static string Read(string query, string token)
    {
        if (token.Length == 0)
        {
            return "";
        }

        if (!Base64Url.IsValid(token))
        {
            throw Invalid();
        }

        var bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length <= ChecksumLength || !bytes.AsSpan(0, ChecksumLength).SequenceEqual(Checksum(query, bytes.AsSpan(ChecksumLength))))
        {
            throw Invalid();
        }

        return Encoding.UTF8.GetString(bytes.AsSpan(ChecksumLength));
    }

    private static byte[] Checksum(string query, ReadOnlySpan<byte> id) =>
        SHA256.HashData([.. Encoding.UTF8.GetBytes(query), 0, .. id])[..ChecksumLength];

    public static IamException Invalid() =>
        new(ErrorReason.InvalidPageToken, "The page token is malformed, or belongs to another query. Start again without one.")
        {
            Violations = [new("page_token", "is not one of this query")],
        };
}
