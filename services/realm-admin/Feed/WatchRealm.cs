using System.Runtime.CompilerServices;

namespace Pltfrms.Iam.RealmAdmin.Feed;

/// <summary>
/// One watcher's stream of a realm. It reads from the revision that it last gave out, and only when asked for the next event: a slow watcher
/// gets fewer, larger deltas, and nothing is kept for it.
/// </summary>
public sealed class WatchRealm(RealmReader reader, WatchedRealms watched, TimeProvider clock)
{
    // A little under the half second of the contract: polls answer every 200 ms, and the second of them is due.
    private static readonly TimeSpan HeartbeatAfter = TimeSpan.FromMilliseconds(350);

    /// <summary>Events until the token is cancelled.</summary>
    /// <exception cref="Common.Errors.IamException">REALM_NOT_FOUND where there is no such realm, or none any more; STORAGE_UNAVAILABLE.</exception>
    public async IAsyncEnumerable<RealmFeedEvent> StreamAsync(
        string realmId, long afterRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var subscription = watched.Watch(realmId);
        var position = new Position(afterRevision, Committed: 0, Poll: 0);
        var known = default(KnownRevision);
        var (behind, sentAt) = (true, 0L);
        while (true)
        {
            if (behind)
            {
                var revision = position.Revision;
                await foreach (var next in reader.ReadAsync(realmId, position.Revision, cancellationToken))
                {
                    yield return next;
                    (revision, sentAt) = (next.Revision, clock.GetTimestamp());
                }

                position = new Position(revision, known.Committed, watched.LatestPoll);
            }
            else if (position.IsConfirmedBy(known) && clock.GetElapsedTime(sentAt) >= HeartbeatAfter)
            {
                yield return new Heartbeat(position.Revision, known.ConfirmedAt);
                sentAt = clock.GetTimestamp();
            }

            await subscription.Realm.MoreThanAsync(known).WaitAsync(cancellationToken);
            known = subscription.Realm.Known;
            behind = position.IsBehind(known);
        }
    }

    /// <summary>Where a watcher stands.</summary>
    /// <param name="Revision">What it has.</param>
    /// <param name="Committed">The local write that its last read came after.</param>
    /// <param name="Poll">The last poll that began before its last read ended: it and those before say nothing new.</param>
    private readonly record struct Position(long Revision, long Committed, long Poll)
    {
        /// <remarks>A revision that went back is of another life of the database, restored from a backup say: it needs a read too.</remarks>
        public bool IsBehind(KnownRevision known) =>
            known.Committed > Math.Max(Revision, Committed) || known.Confirmed > Revision || (known.Poll > Poll && known.Confirmed != Revision);

        public bool IsConfirmedBy(KnownRevision known) => known.Poll > Poll && known.Confirmed == Revision;
    }
}
