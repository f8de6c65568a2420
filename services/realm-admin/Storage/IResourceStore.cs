using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.RealmAdmin.Storage;

/// <summary>The table of one kind of resource, and those of its parts.</summary>
public interface IResourceStore<T>
    where T : class, IRealmResource
{
    /// <summary>The resource, or null where the realm has none of this id.</summary>
    Task<T?> FindAsync(DatabaseSession session, string realmId, string id, CancellationToken cancellationToken);

    /// <summary>The realm's resources in the order of their ids.</summary>
    Task<IReadOnlyList<T>> ListAsync(DatabaseSession session, string realmId, PageRange range, CancellationToken cancellationToken);

    /// <summary>Those that the change log names after a revision, as they are now; one that is gone is not among them.</summary>
    Task<IReadOnlyList<T>> ListChangedAsync(DatabaseSession session, string realmId, long afterRevision, CancellationToken cancellationToken);

    /// <summary>Makes each, or makes it what the record says; none of them twice.</summary>
    /// <exception cref="UniqueViolationException">Another resource has a part that may be in one only: a permission, an external identity.</exception>
    Task UpsertAsync(DatabaseSession session, IReadOnlyList<T> resources, CancellationToken cancellationToken);

    /// <summary>Removes those that there are, with their parts.</summary>
    Task DeleteAsync(DatabaseSession session, string realmId, IReadOnlyList<string> ids, CancellationToken cancellationToken);
}

/// <summary>A part of a list that is ordered by id.</summary>
/// <param name="AfterId">The id before the first; empty: from the start.</param>
/// <param name="Limit">How many at the most.</param>
public readonly record struct PageRange(string AfterId, int Limit)
{
    /// <summary>Only what belongs to these organizations and those below them, where the kind belongs to organizations; null: all of the realm.</summary>
    public ValueList<string>? Within { get; init; }

    public static PageRange All { get; } = new("", int.MaxValue);
}

/// <summary>What follows from what every store can do.</summary>
public static class ResourceStoreExtensions
{
    /// <summary>Makes one resource, or makes it what the record says.</summary>
    public static Task UpsertAsync<T>(this IResourceStore<T> store, DatabaseSession session, T resource, CancellationToken cancellationToken)
        where T : class, IRealmResource => store.UpsertAsync(session, [resource], cancellationToken);

    /// <summary>Removes one resource with its parts; nothing where there is none.</summary>
    public static Task DeleteAsync<T>(
        this IResourceStore<T> store, DatabaseSession session, string realmId, string id, CancellationToken cancellationToken)
        where T : class, IRealmResource => store.DeleteAsync(session, realmId, [id], cancellationToken);
}
