using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.Keys;

/// <summary>Tells what happened to a realm's keys, the last first.</summary>
public sealed class ListKeyEvents(IDatabase database, KeyEventStore store)
{
    /// <summary>Above all ids.</summary>
    private const string AboveAll = "g";

    /// <param name="realmId">The realm.</param>
    /// <param name="count">How many at the most.</param>
    /// <param name="pageToken">Empty: from the last event on.</param>
    /// <param name="cancellationToken">The call's.</param>
    /// <exception cref="IamException">INVALID_PAGE_TOKEN, STORAGE_UNAVAILABLE.</exception>
    public async Task<(IReadOnlyList<KeyEvent> Events, string NextPageToken)> ExecuteAsync(
        string realmId, int count, string pageToken, CancellationToken cancellationToken)
    {
        if (pageToken.Length > 0 && !Guid.TryParseExact(pageToken, "N", out _))
        {
            throw new IamException(ErrorReason.InvalidPageToken, "The page token is not one of ours.")
            {
                Violations = [new("page_token", "is not one of ours")],
            };
        }

        await using var session = await database.OpenAsync(cancellationToken);
        var events = await store.ListAsync(session, realmId, pageToken.Length > 0 ? pageToken : AboveAll, count + 1, cancellationToken);
        return events.Count > count ? ([.. events.Take(count)], events[count - 1].EventId) : (events, "");
    }
}
