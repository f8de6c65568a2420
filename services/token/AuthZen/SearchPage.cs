using System.Text.Json;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Paging;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.AuthZen;

/// <summary>Which part of a search's results is asked for (section 8.2).</summary>
/// <param name="Query">The search and its entities, in one spelling: a token goes on with no other.</param>
/// <param name="Limit">How many at the most.</param>
/// <param name="After">The last candidate of the page before; null: from the start.</param>
internal sealed record SearchPage(string Query, int Limit, string? After)
{
    public const int MostResults = 1000;

    private const int UsualResults = 100;

    /// <param name="body">The request.</param>
    /// <param name="query">The search and its entities, in one spelling.</param>
    /// <exception cref="IamException">INVALID_REQUEST, or INVALID_PAGE_TOKEN for one of another search.</exception>
    public static SearchPage Read(JsonElement body, string query)
    {
        if (JsonMembers.Object(body, "page", "") is not { } page)
        {
            return new(query, UsualResults, null);
        }

        var limit = LimitOf(page);
        if (JsonMembers.Text(page, "token", "page.") is not { } token)
        {
            return new(query, limit ?? UsualResults, null);
        }

        return MarkedPageToken.TryRead<Position>(token, query, out var position) && position.Limit is >= 0 and <= MostResults
            ? new(query, limit ?? position.Limit, position.After)
            : throw new IamException(ErrorReason.InvalidPageToken, "page.token is of another search, or of none.");
    }

    /// <summary>Where the next page starts.</summary>
    public string TokenAfter(string candidate) => MarkedPageToken.Write(new Position(Limit, candidate), Query);

    private static int? LimitOf(JsonElement page)
    {
        if (!page.TryGetProperty("limit", out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var limit) || limit < 0)
        {
            throw RequestBody.Refused("page.limit must be a whole number that is not negative.");
        }

        return (int)Math.Min(limit, MostResults);
    }

    private sealed record Position(int Limit, string After);
}
