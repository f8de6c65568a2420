using Pltfrms.Iam.Common.Paging;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.UserGrants;

/// <summary>Lists live grants, a page at a time.</summary>
public sealed class ListGrants(IDatabase database, UserGrantStore grants, TimeProvider clock)
{
    /// <param name="filter">Its scopes are not looked at.</param>
    /// <param name="count">How many at the most.</param>
    /// <param name="pageToken">Empty: the first page.</param>
    /// <param name="cancellationToken">The call's.</param>
    /// <exception cref="Common.Errors.IamException">INVALID_PAGE_TOKEN, STORAGE_UNAVAILABLE.</exception>
    public async Task<(IReadOnlyList<UserGrant> Grants, string NextPageToken)> ExecuteAsync(
        GrantFilter filter, int count, string pageToken, CancellationToken cancellationToken)
    {
        string[] query = [filter.RealmId, filter.UserId, filter.ClientId];
        var after = pageToken.Length == 0 ? "" : MarkedPageToken.Read<string>(pageToken, query);
        await using var session = await database.OpenAsync(cancellationToken);
        var found = await grants.ListAsync(session, filter, after, count + 1, clock.GetUtcNow(), cancellationToken);
        return found.Count <= count ? (found, "") : ([.. found.Take(count)], MarkedPageToken.Write(found[count - 1].GrantId, query));
    }
}
