using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Pltfrms.Iam.Client.Decisions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Mapping;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Client.Feeds;

/// <summary>The realm as this application sees it, compiled anew with every change.</summary>
internal sealed class RealmStream(IamCalls calls, FeedClock clock, StreamPulse pulse, ILogger log)
    : FeedStream<Wire.WatchRealmResponse>("realm", calls, clock, pulse, log)
{
    private RealmSnapshotBuilder _parts = new();
    private Wire.RealmView? _view;
    private RealmState? _state;
    private TaskCompletionSource? _change;
    private DateTimeOffset? _createdAt;
    private long _changes;

    /// <summary>Another realm has the id now. Whoever listens hears of it before it can be seen here.</summary>
    public event Action? Succeeded;

    /// <summary>The latest; null: there is none yet.</summary>
    public RealmState? State => Volatile.Read(ref _state);

    /// <summary>Grows with everything that changes what is decided.</summary>
    public long Changes => Volatile.Read(ref _changes);

    /// <summary>The latest, where it is recent enough to decide with.</summary>
    public RealmState? FreshState(long now)
    {
        // In this order: a state is stored before what confirms it, so whoever sees the time sees the state.
        var isFresh = Pulse.IsFresh(now);
        var state = Volatile.Read(ref _state);
        // And again, for an older one may have taken its place, of which nothing is confirmed.
        return isFresh && Pulse.IsFresh(now) ? state : null;
    }

    /// <summary>Waits until the realm is at a revision. Whether it is, is for the caller to look at.</summary>
    public async Task ReachAsync(long revision, TimeSpan within, CancellationToken cancellationToken)
    {
        using var deadline = Clock.Deadline(within);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        while (!ends.IsCancellationRequested)
        {
            var change = NextChange;
            if (State is { } state && state.Revision >= revision)
            {
                return;
            }
            await change.WaitAsync(ends.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        cancellationToken.ThrowIfCancellationRequested();
    }

    protected override AsyncServerStreamingCall<Wire.WatchRealmResponse> Open(CallOptions options)
    {
        _parts = new();
        _view = null;
        return Calls.Clients.Feeds.WatchRealm(
            new Wire.WatchRealmRequest
            {
                RealmId = Calls.RealmId,
                AfterRevision = State?.Revision ?? 0,
                CreateTime = State is { } state ? Timestamp.FromDateTimeOffset(state.Snapshot.Realm.CreatedAt) : null,
                ViewId = State?.ViewId ?? "",
            },
            options);
    }

    protected override void Take(Wire.WatchRealmResponse next)
    {
        var arrivedAt = Clock.Now;
        switch (next.EventCase)
        {
            case Wire.WatchRealmResponse.EventOneofCase.View:
                (_view, _parts) = (next.View, new());
                break;
            case Wire.WatchRealmResponse.EventOneofCase.SnapshotPart:
                Add(next.SnapshotPart);
                break;
            case Wire.WatchRealmResponse.EventOneofCase.Delta:
                Apply(next.Delta);
                break;
            case Wire.WatchRealmResponse.EventOneofCase.Heartbeat when State is null || State.ViewId != _view?.ViewId:
                // It is about the snapshot that is under way.
                break;
            case Wire.WatchRealmResponse.EventOneofCase.Heartbeat:
                Confirm(next.Heartbeat, arrivedAt);
                break;
            default:
                throw new InvalidDataException("The stream has an event that this version does not know.");
        }
    }

    protected override void Reset()
    {
        Pulse.Forget();
        Become(null);
    }

    private void Add(RealmAdmin.V1.RealmSnapshotPart part)
    {
        foreach (var resource in part.Resources)
        {
            _parts.Add(resource.ToRecord());
        }
        if (part.Last)
        {
            var view = _view ?? throw new InvalidDataException("The stream does not say what it shows.");
            Replace(new(view, _parts.Build(part.Revision), part.Revision));
            _parts = new();
        }
    }

    private void Replace(RealmState next)
    {
        var createdAt = next.Snapshot.Realm.CreatedAt;
        if (_createdAt is { } before && before != createdAt)
        {
            Succeeded?.Invoke();
        }
        _createdAt = createdAt;
        if (next.Revision < State?.Revision)
        {
            // Of a replica that is behind another one, whose word is about what that one had.
            Pulse.Forget();
        }
        Become(next);
    }

    private void Apply(RealmAdmin.V1.RealmDelta delta)
    {
        var state = Viewed();
        var snapshot = state.Snapshot.Apply(
            delta.Revision, delta.Upserts.Select(RealmResourceMapping.ToRecord), delta.Deletes.Select(RealmResourceMapping.ToRecord));
        Become(state.With(snapshot, Math.Max(state.Revision, delta.Revision)));
    }

    private void Confirm(Wire.FeedHeartbeat heartbeat, long arrivedAt)
    {
        var state = Viewed();
        if (heartbeat.Position > state.Revision)
        {
            Become(state.With(state.Snapshot, heartbeat.Position));
        }
        Pulse.Beat(heartbeat.AsOfTime.ToDateTimeOffset(), heartbeat.Age?.ToTimeSpan() ?? TimeSpan.Zero, arrivedAt);
    }

    private RealmState Viewed() => State is { } state && state.ViewId == _view?.ViewId
        ? state
        : throw new InvalidDataException("The stream goes on from something else than what is known.");

    private void Become(RealmState? state)
    {
        var isChange = !ReferenceEquals(state?.Snapshot, _state?.Snapshot);
        Volatile.Write(ref _state, state);
        if (isChange)
        {
            Interlocked.Increment(ref _changes);
        }
        Interlocked.Exchange(ref _change, null)?.TrySetResult();
    }

    /// <summary>To be read before what is waited for is looked at.</summary>
    private Task NextChange
    {
        get
        {
            if (Volatile.Read(ref _change) is { } change)
            {
                return change.Task;
            }
            var created = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return (Interlocked.CompareExchange(ref _change, created, null) ?? created).Task;
        }
    }
}
