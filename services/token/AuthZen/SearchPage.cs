using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.AuthZen;

/// <summary>Which part of a search's results is asked for (section 8.2).</summary>
/// <param name="Query">The hash of the search, so that a token goes on with no other.</param>
/// <param name="Limit">How many at the most.</param>
/// <param name="After">The last candidate of the page before; null: from the start.</param>
internal sealed record SearchPage(ReadOnlyMemory<byte> Query, int Limit, string? After)
{
    public const int MostResults = 1000;

    private const int UsualResults = 100;
    private const int HashSize = 16;

    /// <param name="body">The request.</param>
    /// <param name="query">The search and its entities, in one spelling.</param>
    /// <exception cref="IamException">INVALID_REQUEST, or INVALID_PAGE_TOKEN for one of another search.</exception>
    public static SearchPage Read(JsonElement body, string query)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(query)).AsMemory(0, HashSize);
        if (JsonMembers.Object(body, "page", "") is not { } page)
        {
            return new(hash, UsualResults, null);
        }

        var limit = LimitOf(page);
        if (JsonMembers.Text(page, "token", "page.") is not { } token)
        {
            return new(hash, limit ?? UsualResults, null);
        }

        var (ownLimit, after) = ReadToken(token, hash.Span);
        return new(hash, limit ?? ownLimit, after);
    }

    /// <summary>Where the next page starts.</summary>
    public string TokenAfter(string candidate)
    {
        var bytes = new byte[HashSize + sizeof(int) + Encoding.UTF8.GetByteCount(candidate)];
        Query.Span.CopyTo(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(HashSize), Limit);
        Encoding.UTF8.GetBytes(candidate, bytes.AsSpan(HashSize + sizeof(int)));
        return Base64Url.EncodeToString(bytes);
    }

    private static int? LimitOf(JsonElement page)
    {
        if (!page.TryGetProperty("limit", out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var limit) || limit < 0)
        {
            throw RequestBody.Refused("page.limit must be a whole number that is not negative.");
        }

        return limit == 0 ? UsualResults : Math.Min(limit, MostResults);
    }

    private static (int Limit, string After) ReadToken(string token, ReadOnlySpan<byte> query)
    {
        if (!Base64Url.IsValid(token))
        {
            throw Foreign();
        }

        var bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length <= HashSize + sizeof(int) || !bytes.AsSpan(0, HashSize).SequenceEqual(query))
        {
            throw Foreign();
        }

        var limit = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(HashSize));
        return limit is > 0 and <= MostResults ? (limit, Encoding.UTF8.GetString(bytes.AsSpan(HashSize + sizeof(int)))) : throw Foreign();
    }

    private static IamException Foreign() => new(ErrorReason.InvalidPageToken, "page.token is of another search, or of none.");
}
