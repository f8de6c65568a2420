using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.RealmAdmin.Storage;

/// <summary>A store as those see it who treat all kinds alike: the feed, the import and the export.</summary>
public abstract class ResourceTable(ResourceKind kind)
{
    public ResourceKind Kind => kind;

    public static ResourceTable Of<T>(ResourceKind kind, IResourceStore<T> store)
        where T : class, IRealmResource => new Typed<T>(kind, store);

    public abstract Task<IRealmResource?> FindAsync(DatabaseSession session, string realmId, string id, CancellationToken cancellationToken);

    public abstract Task<IReadOnlyList<IRealmResource>> ListAsync(
        DatabaseSession session, string realmId, PageRange range, CancellationToken cancellationToken);

    public abstract Task<IReadOnlyList<IRealmResource>> ListChangedAsync(
        DatabaseSession session, string realmId, long afterRevision, CancellationToken cancellationToken);

    public abstract Task UpsertAsync(DatabaseSession session, IReadOnlyList<IRealmResource> resources, CancellationToken cancellationToken);

    public abstract Task DeleteAsync(DatabaseSession session, string realmId, IReadOnlyList<string> ids, CancellationToken cancellationToken);

    private sealed class Typed<T>(ResourceKind kind, IResourceStore<T> store) : ResourceTable(kind)
        where T : class, IRealmResource
    {
        public override async Task<IRealmResource?> FindAsync(
            DatabaseSession session, string realmId, string id, CancellationToken cancellationToken) =>
            await store.FindAsync(session, realmId, id, cancellationToken);

        public override async Task<IReadOnlyList<IRealmResource>> ListAsync(
            DatabaseSession session, string realmId, PageRange range, CancellationToken cancellationToken) =>
            await store.ListAsync(session, realmId, range, cancellationToken);

        public override async Task<IReadOnlyList<IRealmResource>> ListChangedAsync(
            DatabaseSession session, string realmId, long afterRevision, CancellationToken cancellationToken) =>
            await store.ListChangedAsync(session, realmId, afterRevision, cancellationToken);

        public override Task UpsertAsync(DatabaseSession session, IReadOnlyList<IRealmResource> resources, CancellationToken cancellationToken) =>
            store.UpsertAsync(session, [.. resources.Cast<T>()], cancellationToken);

        public override Task DeleteAsync(DatabaseSession session, string realmId, IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
            store.DeleteAsync(session, realmId, ids, cancellationToken);
    }
}
