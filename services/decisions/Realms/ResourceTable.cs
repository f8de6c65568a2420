using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Realms;

/// <summary>A realm's resources of one kind, by id; successors share what did not change.</summary>
internal sealed class ResourceTable<T>(PagedTable<string, T, ById<T>> byId)
    where T : class, IRealmResource
{
    public int Count => byId.Count;

    /// <summary>In no order.</summary>
    public IEnumerable<T> Values => byId.Values;

    public T? Find(string id) => byId.Find(id);

    public ResourceTable<T> With(ResourceChanges<T> changes)
    {
        if (changes.IsEmpty)
        {
            return this;
        }

        HashSet<string> deletedIds = [.. changes.DeletedIds];
        return new(byId.With([.. deletedIds.Select(Find).OfType<T>()], changes.Upserts));
    }
}
