using System.Threading.Channels;
using Pltfrms.Iam.Common.Realms;

namespace Pltfrms.Iam.RealmAdmin.Feed;

/// <summary>The realms that somebody watches, and the meeting point of those who write, who poll and who watch.</summary>
public sealed class WatchedRealms
{
    /// <summary>How many writes others may still have to be told of; of more they find out by their polls.</summary>
    private const int MaxTold = 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, WatchedRealm> _realms = new(StringComparer.Ordinal);
    private readonly Channel<string> _told = Channel.CreateBounded<string>(
        new BoundedChannelOptions(MaxTold) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private long _poll;

    /// <summary>The number of the latest poll that has begun.</summary>
    public long LatestPoll => Interlocked.Read(ref _poll);

    /// <summary>Watches a realm until the subscription is disposed of.</summary>
    public Subscription Watch(string realmId)
    {
        lock (_lock)
        {
            if (!_realms.TryGetValue(realmId, out var realm))
            {
                _realms.Add(realmId, realm = new WatchedRealm());
            }

            realm.Watchers++;
            return new Subscription(this, realmId, realm);
        }
    }

    /// <summary>Writes of this process that are durable, to tell other replicas, as <see cref="RealmNotices"/> says it.</summary>
    internal ChannelReader<string> Told => _told.Reader;

    /// <summary>Tells the watchers of a realm that a write of this process is durable.</summary>
    public void Committed(string realmId, long revision)
    {
        CommittedAnywhere(realmId, revision);
        _told.Writer.TryWrite(RealmNotices.Of(realmId, revision));
    }

    /// <summary>Tells the watchers of a realm that a write is durable, whoever made it.</summary>
    internal void CommittedAnywhere(string realmId, long revision) => Find(realmId)?.Committed(revision);

    /// <summary>Begins a poll of all realms that are watched now.</summary>
    internal (long Poll, IReadOnlyList<string> RealmIds) BeginPoll()
    {
        lock (_lock)
        {
            return (++_poll, [.. _realms.Keys]);
        }
    }

    internal void Confirmed(string realmId, RealmPosition? found, DateTimeOffset asOf, long poll) =>
        Find(realmId)?.Confirmed(found, asOf, poll);

    private WatchedRealm? Find(string realmId)
    {
        lock (_lock)
        {
            return _realms.GetValueOrDefault(realmId);
        }
    }

    private void Leave(string realmId, WatchedRealm realm)
    {
        lock (_lock)
        {
            if (--realm.Watchers == 0)
            {
                _realms.Remove(realmId);
            }
        }
    }

    /// <summary>One watcher's share of a realm.</summary>
    public sealed class Subscription(WatchedRealms owner, string realmId, WatchedRealm realm) : IDisposable
    {
        private int _left;

        public WatchedRealm Realm => realm;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                owner.Leave(realmId, realm);
            }
        }
    }
}
