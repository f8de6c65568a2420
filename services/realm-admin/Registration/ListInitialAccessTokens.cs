using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Paging;
using Pltfrms.Iam.RealmAdmin.Realms;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Registration;

/// <summary>Lists a realm's initial access tokens, without their values.</summary>
public sealed class ListInitialAccessTokens(IDatabase database, RealmStore realms, InitialAccessTokenStore tokens)
{
    /// <exception cref="IamException">REALM_NOT_FOUND, INVALID_PAGE_TOKEN.</exception>
    public async Task<Page<InitialAccessToken>> ExecuteAsync(string realmId, PageRequest request, CancellationToken cancellationToken)
    {
        var query = $"{InitialAccessToken.ResourceKind}\n{realmId}";
        var range = new PageRange(PageToken.Read(query, request.Token), request.Limit + 1);
        await using var session = await database.BeginReadAsync(cancellationToken);
        var realm = await realms.FindAsync(session, realmId, cancellationToken) ?? throw RealmNotFound.For(realmId);
        var items = await tokens.ListAsync(session, realmId, range, cancellationToken);
        return items.Count <= request.Limit
            ? new Page<InitialAccessToken>(items, "", realm.Revision)
            : new Page<InitialAccessToken>([.. items.Take(request.Limit)], PageToken.Create(query, items[request.Limit - 1].TokenId), realm.Revision);
    }
}
