using System.Threading.Channels;
using Pltfrms.Iam.Common;
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

    private ValueList<string>? _realmIds;
    private long _poll;
    private EndedPoll _ended;
    private TaskCompletionSource _next = NewSignal();

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
                _realmIds = null;
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
    internal (long Poll, ValueList<string> RealmIds) BeginPoll()
    {
        lock (_lock)
        {
            return (++_poll, _realmIds ??= [.. _realms.Keys]);
        }
    }

    /// <summary>Tells that a poll has confirmed all realms that were watched when it began.</summary>
    internal void PollEnded(long poll, DateTimeOffset asOf)
    {
        TaskCompletionSource next;
        lock (_lock)
        {
            if (poll <= _ended.Poll)
            {
                return;
            }

            _ended = new(poll, asOf);
            (next, _next) = (_next, NewSignal());
        }

        next.SetResult();
    }

    /// <summary>The latest poll that has ended, once it is another than one that was seen before.</summary>
    internal async Task<EndedPoll> EndedPollAsync(EndedPoll seen, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next;
            lock (_lock)
            {
                if (_ended.Poll > seen.Poll)
                {
                    return _ended;
                }

                next = _next.Task;
            }

            await next.WaitAsync(cancellationToken);
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
                _realmIds = null;
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

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

/// <summary>A poll that has answered.</summary>
/// <param name="Poll">Its number; 0: none has yet.</param>
/// <param name="AsOf">When it began.</param>
internal readonly record struct EndedPoll(long Poll, DateTimeOffset AsOf);
