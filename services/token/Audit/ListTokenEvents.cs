using Pltfrms.Iam.Common.Paging;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Audit;

/// <summary>Lists what happened to tokens, a page at a time.</summary>
public sealed class ListTokenEvents(IDatabase database, TokenEventStore store, TimeProvider clock)
{
    // A story is sought in what its families have: so many events are looked at for one page.
    private const int LongestSearch = 20_000;
    private const int Step = 1_000;

    /// <param name="filter">Its families and tokens are set here.</param>
    /// <param name="storyOf">A token; empty: no story is asked for.</param>
    /// <param name="count">How many at the most.</param>
    /// <param name="pageToken">Empty: the first page.</param>
    /// <param name="cancellationToken">The call's.</param>
    /// <exception cref="Common.Errors.IamException">INVALID_PAGE_TOKEN, STORAGE_UNAVAILABLE.</exception>
    public async Task<(IReadOnlyList<TokenEventRow> Events, string NextPageToken)> ExecuteAsync(
        TokenEventFilter filter, string storyOf, int count, string pageToken, CancellationToken cancellationToken)
    {
        var query = new { filter, storyOf };
        var position = pageToken.Length == 0 ? (long?)null : MarkedPageToken.Read<long>(pageToken, query);
        await using var session = await database.OpenAsync(cancellationToken);
        var (events, next) = storyOf.Length == 0
            ? await PageAsync(session, filter, position, count, cancellationToken)
            : await StoryAsync(session, filter, storyOf, position, count, cancellationToken);
        return (events, next is { } last ? MarkedPageToken.Write(last, query) : "");
    }

    private async Task<(IReadOnlyList<TokenEventRow> Events, long? Next)> PageAsync(
        DatabaseSession session, TokenEventFilter filter, long? position, int count, CancellationToken cancellationToken)
    {
        var found = await store.ListAsync(session, filter, position, count + 1, clock.GetUtcNow(), cancellationToken);
        return found.Count <= count ? (found, null) : ([.. found.Take(count)], found[count - 1].Sequence);
    }

    private async Task<(IReadOnlyList<TokenEventRow> Events, long? Next)> StoryAsync(
        DatabaseSession session, TokenEventFilter filter, string tokenId, long? position, int count, CancellationToken cancellationToken)
    {
        var story = new TokenStory(await store.FindAsync(session, filter.RealmId, tokenId, cancellationToken), tokenId);
        var wide = filter with { Families = story.Families, Tokens = story.Tokens };
        List<TokenEventRow> told = [];
        for (var looked = 0; looked < LongestSearch; looked += Step)
        {
            var rows = await store.ListAsync(session, wide, position, Step, clock.GetUtcNow(), cancellationToken);
            foreach (var row in rows)
            {
                if (told.Count == count)
                {
                    return (told, position);
                }

                position = row.Sequence;
                if (story.Tells(row))
                {
                    told.Add(row);
                }
            }

            if (rows.Count < Step)
            {
                return (told, null);
            }
        }

        return (told, position);
    }
}
