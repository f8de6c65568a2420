using System.Runtime.CompilerServices;
using Pltfrms.Iam.Common.Realms;

namespace Pltfrms.Iam.RealmAdmin.Feed;

/// <summary>
/// One watcher's stream of a realm. It reads from the revision that it last gave out, and only when asked for the next event: a slow watcher
/// gets fewer, larger deltas, and nothing is kept for it.
/// </summary>
public sealed class WatchRealm(RealmReader reader, WatchedRealms watched, TimeProvider clock)
{
    // A little under the half second of the contract: polls answer every 200 ms, and the second of them is due.
    internal static readonly TimeSpan HeartbeatAfter = TimeSpan.FromMilliseconds(350);

    /// <summary>Events until the token is cancelled.</summary>
    /// <param name="realmId">The realm.</param>
    /// <param name="after">What the watcher has.</param>
    /// <param name="heartbeats">Whether the stream goes on to say that nothing changed, or says so only at its beginning.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="Common.Errors.IamException">REALM_NOT_FOUND where there is no such realm, or none any more; STORAGE_UNAVAILABLE.</exception>
    public async IAsyncEnumerable<RealmFeedEvent> StreamAsync(
        string realmId, RealmPosition after, bool heartbeats, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var subscription = watched.Watch(realmId);
        var position = new Position(after, Committed: 0, Poll: 0);
        var known = default(KnownRevision);
        var (behind, sentAt) = (true, 0L);
        while (true)
        {
            if (behind)
            {
                var has = position.Has;
                await foreach (var next in reader.ReadAsync(realmId, has, cancellationToken))
                {
                    yield return next;
                    (has, sentAt) = (next.Position, clock.GetTimestamp());
                }

                position = new Position(has, known.Committed, watched.LatestPoll);
            }
            else if (position.IsConfirmedBy(known) && (heartbeats ? clock.GetElapsedTime(sentAt) >= HeartbeatAfter : sentAt == 0))
            {
                yield return new Heartbeat(position.Has, known.ConfirmedAt);
                sentAt = clock.GetTimestamp();
            }

            await subscription.Realm.MoreThanAsync(known, everyPoll: heartbeats || !position.IsConfirmedBy(known)).WaitAsync(cancellationToken);
            known = subscription.Realm.Known;
            behind = position.IsBehind(known);
        }
    }

    /// <summary>Where a watcher stands.</summary>
    /// <param name="Has">What it has.</param>
    /// <param name="Committed">The local write that its last read came after.</param>
    /// <param name="Poll">The last poll that began before its last read ended: it and those before say nothing new.</param>
    private readonly record struct Position(RealmPosition Has, long Committed, long Poll)
    {
        /// <remarks>
        /// A revision that went back is of another life of the database, restored from a backup say: it needs a read too. So does a realm that
        /// was made at another time: it is another realm.
        /// </remarks>
        public bool IsBehind(KnownRevision known) =>
            known.Committed > Math.Max(Has.Revision, Committed) || known.Confirmed?.Revision > Has.Revision || (known.Poll > Poll && !IsSame(known));

        public bool IsConfirmedBy(KnownRevision known) => known.Poll > Poll && IsSame(known);

        private bool IsSame(KnownRevision known) =>
            known.Confirmed is { } confirmed && confirmed.Revision == Has.Revision && (Has.CreatedAt is null || confirmed.CreatedAt == Has.CreatedAt);
    }
}
