using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Paging;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Realms;

/// <summary>Get and list of realms themselves.</summary>
public sealed class ReadRealms(IDatabase database, RealmStore realms)
{
    private const string Query = "realms";

    /// <exception cref="IamException">REALM_NOT_FOUND.</exception>
    public async Task<Realm> GetAsync(string realmId, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await realms.FindAsync(session, realmId, cancellationToken) ?? throw RealmNotFound.For(realmId);
    }

    /// <exception cref="IamException">INVALID_PAGE_TOKEN.</exception>
    public async Task<Page<Realm>> ListAsync(PageRequest request, CancellationToken cancellationToken)
    {
        var range = new PageRange(PageToken.Read(Query, request.Token), request.Limit + 1);
        await using var session = await database.OpenAsync(cancellationToken);
        var items = await realms.ListAsync(session, range, cancellationToken);
        return items.Count <= request.Limit
            ? new Page<Realm>(items, "", 0)
            : new Page<Realm>([.. items.Take(request.Limit)], PageToken.Create(Query, items[request.Limit - 1].RealmId), 0);
    }
}
