using System.Runtime.CompilerServices;
using Pltfrms.Iam.Common.Realms;

namespace Pltfrms.Iam.RealmAdmin.Feed;

/// <summary>One who has many realms and is told where they are: all that the polls found, and nothing that they found again.</summary>
public sealed class RealmFollower(WatchedRealms watched, TimeProvider clock) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, Followed> _realms = [];

    public void Follow(long followId, string realmId)
    {
        var followed = new Followed(watched.Watch(realmId));
        lock (_lock)
        {
            if (_realms.TryAdd(followId, followed))
            {
                return;
            }
        }

        followed.Subscription.Dispose();
    }

    public void Drop(long followId)
    {
        lock (_lock)
        {
            if (_realms.Remove(followId, out var followed))
            {
                followed.Subscription.Dispose();
            }
        }
    }

    /// <summary>What there is to say until the token is cancelled: at once where a realm has moved, else as often as a heartbeat is due.</summary>
    public async IAsyncEnumerable<RealmsConfirmed> StreamAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (poll, saidAt) = (default(EndedPoll), 0L);
        while (true)
        {
            poll = await watched.EndedPollAsync(poll, cancellationToken);
            var moved = Moved(poll);
            if (moved.Count > 0 || saidAt == 0 || clock.GetElapsedTime(saidAt) >= WatchRealm.HeartbeatAfter)
            {
                yield return new RealmsConfirmed(moved, poll.AsOf);
                saidAt = clock.GetTimestamp();
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var followed in _realms.Values)
            {
                followed.Subscription.Dispose();
            }

            _realms.Clear();
        }
    }

    /// <summary>A realm that was named after a poll began was not asked for by it: the next one tells.</summary>
    private List<(long FollowId, RealmPosition Position)> Moved(EndedPoll poll)
    {
        List<(long, RealmPosition)> moved = [];
        lock (_lock)
        {
            foreach (var (followId, followed) in _realms)
            {
                var known = followed.Subscription.Realm.Known;
                var position = known.Confirmed ?? RealmPosition.Start;
                if (known.Poll >= poll.Poll && followed.Said != position)
                {
                    followed.Said = position;
                    moved.Add((followId, position));
                }
            }
        }

        return moved;
    }

    private sealed class Followed(WatchedRealms.Subscription subscription)
    {
        public WatchedRealms.Subscription Subscription => subscription;

        /// <summary>Null: nothing yet.</summary>
        public RealmPosition? Said { get; set; }
    }
}

/// <summary>Where realms are.</summary>
/// <param name="Moved">Those that are elsewhere than was said before; revision 0: there is no such realm.</param>
/// <param name="AsOf">Before the database was read.</param>
public sealed record RealmsConfirmed(IReadOnlyList<(long FollowId, RealmPosition Position)> Moved, DateTimeOffset AsOf);
