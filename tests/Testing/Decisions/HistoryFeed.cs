using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Errors.V1;

namespace Testing.Decisions;

/// <summary>Streams random histories as realm-admin streams realms: a snapshot, then deltas and, as after a lost connection, now and then a snapshot again.</summary>
public sealed class HistoryFeed : IRealmFeed
{
    private readonly ConcurrentDictionary<string, Stream> _streams = new(StringComparer.Ordinal);

    public void Begin(RandomHistory history) => _streams[history.RealmId] = new(history);

    /// <summary>Changes the realm; its new revision.</summary>
    public long Change(string realmId, int count) => _streams[realmId].Change(count);

    /// <summary>Changes the realm and sends all of it; its new revision.</summary>
    public long StartOver(string realmId) => _streams[realmId].StartOver();

    /// <summary>Says that nothing is missing.</summary>
    public void Beat(string realmId) => _streams[realmId].Beat();

    public Task<string?> ResolveHostAsync(string hostName, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public async IAsyncEnumerable<RealmFeedEvent> WatchAsync(
        string realmId, RealmPosition after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stream = _streams.GetValueOrDefault(realmId) ?? throw new IamException(ErrorReason.RealmNotFound, "There is no such realm.");
        await foreach (var next in stream.Events.ReadAllAsync(cancellationToken))
        {
            yield return next;
        }
    }

    private sealed class Stream
    {
        private readonly Channel<RealmFeedEvent> _events = Channel.CreateUnbounded<RealmFeedEvent>();
        private readonly RandomHistory _history;
        private long _revision;

        public Stream(RandomHistory history)
        {
            _history = history;
            StartOver();
        }

        public ChannelReader<RealmFeedEvent> Events => _events.Reader;

        public long Change(int count)
        {
            var (upserts, deletes) = _history.Change(count);
            return Send(new RealmFeedEvent.Delta { Revision = ++_revision, Upserts = upserts, Deletes = deletes });
        }

        public void Beat() => Send(new RealmFeedEvent.Heartbeat { Revision = _revision });

        public long StartOver()
        {
            _history.Change(1);
            return Send(new RealmFeedEvent.SnapshotPart { Revision = ++_revision, Resources = [.. _history.State.Values], IsLast = true });
        }

        private long Send(RealmFeedEvent next)
        {
            Assert.True(_events.Writer.TryWrite(next));
            return _revision;
        }
    }
}
