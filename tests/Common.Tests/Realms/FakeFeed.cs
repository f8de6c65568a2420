using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;

namespace Common.Tests.Realms;

/// <summary>A feed that says what a test makes it say.</summary>
internal sealed class FakeFeed : IRealmFeed
{
    private readonly Channel<FeedStream> _opened = Channel.CreateUnbounded<FeedStream>();
    private readonly Channel<ConfirmationStream> _confirmations = Channel.CreateUnbounded<ConfirmationStream>();
    private int _count;

    /// <summary>How often a stream was asked for.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The next stream that is asked for.</summary>
    public ValueTask<FeedStream> NextAsync() => _opened.Reader.ReadAsync();

    public bool TryNext(out FeedStream? stream) => _opened.Reader.TryRead(out stream);

    public bool TryNextConfirmations(out ConfirmationStream? stream) => _confirmations.Reader.TryRead(out stream);

    public async IAsyncEnumerable<RealmsConfirmed> ConfirmAsync(
        ChannelReader<FollowedRealm> followed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stream = new ConfirmationStream(followed);
        _confirmations.Writer.TryWrite(stream);
        await foreach (var next in stream.Says.Reader.ReadAllAsync(cancellationToken))
        {
            yield return next;
        }
    }

    public Task<string?> ResolveHostAsync(string hostName, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public async IAsyncEnumerable<RealmFeedEvent> WatchAsync(
        string realmId, RealmPosition after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _count);
        var stream = new FeedStream(realmId, after);
        _opened.Writer.TryWrite(stream);
        await foreach (var next in stream.Events.Reader.ReadAllAsync(cancellationToken))
        {
            yield return next;
        }
    }
}

internal sealed class FeedStream(string realmId, RealmPosition after)
{
    public string RealmId => realmId;

    public long AfterRevision => after.Revision;

    public DateTimeOffset? CreatedAt => after.CreatedAt;

    public Channel<RealmFeedEvent> Events { get; } = Channel.CreateUnbounded<RealmFeedEvent>();

    public void Snapshot(long revision, bool disabled = false, params IRealmResource[] resources) =>
        Snapshot(revision, new Realm { RealmId = realmId, Disabled = disabled }, resources);

    public void Snapshot(long revision, Realm realm, params IRealmResource[] resources)
    {
        Send(new RealmFeedEvent.SnapshotPart { Revision = revision, Resources = [realm], IsLast = false });
        Send(new RealmFeedEvent.SnapshotPart { Revision = revision, Resources = resources, IsLast = true });
    }

    public void Delta(long revision, params IRealmResource[] upserts) =>
        Send(new RealmFeedEvent.Delta { Revision = revision, Upserts = upserts, Deletes = [] });

    public void Heartbeat(long revision) => Send(new RealmFeedEvent.Heartbeat { Revision = revision });

    public void Break() => Events.Writer.Complete(new IOException("the connection broke"));

    public void EndAsUnknown() => Events.Writer.Complete(new IamException(ErrorReason.RealmNotFound, "no such realm"));

    private void Send(RealmFeedEvent next) => Assert.True(Events.Writer.TryWrite(next));
}

internal sealed class ConfirmationStream(ChannelReader<FollowedRealm> followed)
{
    public Channel<RealmsConfirmed> Says { get; } = Channel.CreateUnbounded<RealmsConfirmed>();

    /// <summary>The next that it is told to follow, or no longer to.</summary>
    public async Task<FollowedRealm> FollowedAsync() => await followed.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1));

    public void Say(params (long FollowId, RealmPosition Position)[] moved) => Assert.True(Says.Writer.TryWrite(new(moved, IsLast: true)));

    public void Break() => Says.Writer.Complete(new IOException("the connection broke"));
}
