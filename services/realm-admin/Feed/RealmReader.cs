using System.Runtime.CompilerServices;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Delegation;
using Pltfrms.Iam.RealmAdmin.Realms;
using Pltfrms.Iam.RealmAdmin.Storage;

namespace Pltfrms.Iam.RealmAdmin.Feed;

/// <summary>Reads what brings a watcher from the revision it has to the realm's latest.</summary>
public sealed class RealmReader(IDatabase database, RealmStore realms, ChangeLogStore changeLog, PlatformRealm platform, TimeProvider clock)
{
    /// <summary>How many resources one message carries; more changes than that are sent as a snapshot.</summary>
    public const int PartSize = 500;

    private const long LargestDelta = 8 * 1024 * 1024;

    /// <summary>A delta, or a snapshot in parts where the watcher has nothing that a delta could build on; nothing where it is up to date.</summary>
    /// <remarks>All events of one call are of one state of the database.</remarks>
    /// <exception cref="Common.Errors.IamException">REALM_NOT_FOUND, also where the watcher has a realm that was there before under the id.</exception>
    public async IAsyncEnumerable<RealmFeedEvent> ReadAsync(
        string realmId, RealmPosition after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var asOf = clock.GetUtcNow();
        await using var session = await database.BeginReadAsync(cancellationToken);
        var stored = await realms.FindAsync(session, realmId, cancellationToken)
            ?? throw RealmNotFound.For(realmId);
        if (after.CreatedAt is { } createdAt && createdAt != stored.CreatedAt)
        {
            throw RealmNotFound.For(realmId);
        }

        var realm = stored with { IsPlatform = platform.Is(realmId) };
        if (realm.Revision == after.Revision)
        {
            yield break;
        }

        if (await DeltaAsync(session, realm, after.Revision, asOf, cancellationToken) is { } delta)
        {
            yield return delta;
            yield break;
        }

        await foreach (var part in SnapshotAsync(session, realm, asOf, cancellationToken))
        {
            yield return part;
        }
    }

    private static RealmPosition PositionOf(Realm realm) => new(realm.Revision, realm.CreatedAt);

    private async Task<RealmDelta?> DeltaAsync(
        DatabaseSession session, Realm realm, long afterRevision, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        // A revision ahead of the database is of another life of it: before it was restored from a backup, say.
        if (afterRevision <= 0 || afterRevision > realm.Revision
            || await changeLog.FirstRevisionAsync(session, realm.RealmId, cancellationToken) is not { } first || first > afterRevision + 1)
        {
            return null;
        }

        var changed = await changeLog.ListChangedAsync(session, realm.RealmId, afterRevision, PartSize + 1, cancellationToken);
        if (changed.Count > PartSize)
        {
            return null;
        }

        List<IRealmResource> upserts = changed.Any(resource => resource.Kind == ResourceKind.Realm) ? [realm] : [];
        foreach (var table in RealmTables.InOrder.Where(table => changed.Any(resource => resource.Kind == table.Kind)))
        {
            upserts.AddRange(await table.ListChangedAsync(session, realm.RealmId, afterRevision, cancellationToken));
        }

        // A delta is one message, and receivers take 16 MiB; a snapshot comes in parts.
        if (upserts.Sum(resource => (long)resource.ToWire().CalculateSize()) > LargestDelta)
        {
            return null;
        }

        var present = upserts.Select(resource => (resource.Kind, resource.Id)).ToHashSet();
        return new RealmDelta(PositionOf(realm), asOf, upserts, [.. changed.Where(resource => !present.Contains(resource))]);
    }

    private static async IAsyncEnumerable<SnapshotPart> SnapshotAsync(
        DatabaseSession session, Realm realm, DateTimeOffset asOf, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<IRealmResource> part = [realm];
        foreach (var table in RealmTables.InOrder)
        {
            var range = new PageRange("", PartSize);
            IReadOnlyList<IRealmResource> page;
            do
            {
                page = await table.ListAsync(session, realm.RealmId, range, cancellationToken);
                if (part.Count + page.Count > PartSize)
                {
                    yield return new SnapshotPart(PositionOf(realm), asOf, part, Last: false);
                    part = [];
                }

                part.AddRange(page);
                range = range with { AfterId = page is [.., var last] ? last.Id : "" };
            }
            while (page.Count == PartSize);
        }

        yield return new SnapshotPart(PositionOf(realm), asOf, part, Last: true);
    }
}
