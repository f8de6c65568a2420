using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Delegation;
using Pltfrms.Iam.RealmAdmin.Realms;
using Pltfrms.Iam.RealmAdmin.Storage;
using Pltfrms.Iam.RealmAdmin.Writes;

namespace Pltfrms.Iam.RealmAdmin.Paging;

/// <summary>Get and list, which are the same for every kind of resource.</summary>
public sealed class ResourceReader<T>(
    ResourceKind kind, IResourceStore<T> store, RealmStore realms, HoldingsReader holdings, IDatabase database)
    where T : class, IRealmResource
{
    /// <exception cref="IamException">REALM_NOT_FOUND, RESOURCE_NOT_FOUND.</exception>
    public async Task<T> GetAsync(string realmId, string id, Reach reach, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginReadAsync(cancellationToken);
        _ = await realms.FindAsync(session, realmId, cancellationToken) ?? throw RealmNotFound.For(realmId);
        var resource = await store.FindAsync(session, realmId, id, cancellationToken);
        return resource is not null && await new ReachView(holdings.View(session, realmId), reach).SeesAsync(resource, cancellationToken)
            ? resource
            : throw ResourceNotFound.For(kind, id);
    }

    /// <exception cref="IamException">REALM_NOT_FOUND, INVALID_PAGE_TOKEN.</exception>
    public Task<Page<T>> ListAsync(string realmId, PageRequest request, Reach reach, CancellationToken cancellationToken) =>
        ListAsync(realmId, "", request, reach, (session, range) => store.ListAsync(session, realmId, range, cancellationToken), cancellationToken);

    /// <summary>The same with a filter, whose text binds the page tokens to it.</summary>
    /// <exception cref="IamException">REALM_NOT_FOUND, INVALID_PAGE_TOKEN.</exception>
    public async Task<Page<T>> ListAsync(
        string realmId,
        string filter,
        PageRequest request,
        Reach reach,
        Func<DatabaseSession, PageRange, Task<IReadOnlyList<T>>> list,
        CancellationToken cancellationToken)
    {
        var query = $"{kind.ToName()}\n{realmId}\n{filter}";
        var range = new PageRange(PageToken.Read(query, request.Token), request.Limit + 1) { Within = reach.Organizations };
        await using var session = await database.BeginReadAsync(cancellationToken);
        var realm = await realms.FindAsync(session, realmId, cancellationToken) ?? throw RealmNotFound.For(realmId);
        var items = await list(session, range);
        return items.Count <= request.Limit
            ? new Page<T>(items, "", realm.Revision)
            : new Page<T>([.. items.Take(request.Limit)], PageToken.Create(query, items[request.Limit - 1].Id), realm.Revision);
    }
}
