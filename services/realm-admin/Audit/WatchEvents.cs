using System.Runtime.CompilerServices;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.RealmAdmin.Changes;
using Pltfrms.Iam.RealmAdmin.Feed;
using Pltfrms.Iam.RealmAdmin.Realms;

namespace Pltfrms.Iam.RealmAdmin.Audit;

/// <summary>
/// One watcher's stream of a realm's events. It reads on from the event that it last gave out, and only when asked for the next:
/// a slow watcher keeps neither memory nor a state of the database, and misses nothing.
/// </summary>
public sealed class WatchEvents(IDatabase database, RealmStore realms, ChangeLogStore changeLog, WatchedRealms watched)
{
    private const int BatchSize = 100;

    /// <summary>Events until the token is cancelled.</summary>
    /// <exception cref="IamException">REALM_NOT_FOUND where there is no such realm, or none any more; STORAGE_UNAVAILABLE.</exception>
    public async IAsyncEnumerable<ChangeLogRow> StreamAsync(
        string realmId, long afterRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var subscription = watched.Watch(realmId);
        var position = EventPosition.After(afterRevision);
        while (true)
        {
            // What was known before the read is in what is read.
            var known = subscription.Realm.Known;
            IReadOnlyList<ChangeLogRow> rows;
            do
            {
                rows = await ReadAsync(realmId, position, cancellationToken);
                foreach (var row in rows)
                {
                    yield return row;
                    position = row.Position;
                }
            }
            while (rows.Count == BatchSize);

            await MoreAsync(subscription.Realm, known, position.Revision, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<ChangeLogRow>> ReadAsync(string realmId, EventPosition after, CancellationToken cancellationToken)
    {
        await using var session = await database.BeginReadAsync(cancellationToken);
        return await realms.FindAsync(session, realmId, cancellationToken) is null
            ? throw RealmNotFound.For(realmId)
            : await changeLog.ListAsync(session, realmId, after, BatchSize, cancellationToken);
    }

    /// <summary>Waits until the realm has moved on from what was read, or may be gone.</summary>
    private static async Task MoreAsync(WatchedRealm realm, KnownRevision known, long revision, CancellationToken cancellationToken)
    {
        var read = Math.Max(Latest(known), revision);
        do
        {
            await realm.MoreThanAsync(known, everyPoll: true).WaitAsync(cancellationToken);
            known = realm.Known;
        }
        while (Latest(known) <= read && known is not { Poll: > 0, Confirmed: null });
    }

    private static long Latest(KnownRevision known) => Math.Max(known.Committed, known.Confirmed?.Revision ?? 0);
}
