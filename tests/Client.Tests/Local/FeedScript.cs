using System.Collections.Concurrent;
using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Common.Realms.Model;
using Admin = Pltfrms.Iam.RealmAdmin.V1;
using Wire = Pltfrms.Iam.Token.V1;

namespace Client.Tests.Local;

/// <summary>A realm and its revocations as a test changes them, and the streams that tell of it. Heartbeats come when the test says so.</summary>
public sealed class FeedScript
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(ResourceKind, string), IRealmResource> _resources = [];
    private readonly List<Wire.Revocation> _revocations = [];
    private readonly List<Channel<Wire.WatchRealmResponse>> _realmWatchers = [];
    private readonly List<Channel<Wire.WatchRevocationsResponse>> _revocationWatchers = [];
    private Wire.RealmView _view = new() { ViewId = "view-1", Audiences = { DemoRealm.Audience } };

    public ConcurrentQueue<Wire.WatchRealmRequest> RealmRequests { get; } = [];

    public ConcurrentQueue<Wire.WatchRevocationsRequest> RevocationRequests { get; } = [];

    public long Revision { get; private set; } = 1;

    /// <summary>How many of the revocations the replica that newcomers reach has heard of; null: all.</summary>
    public int? HeardOf { get; set; }

    /// <summary>Refuses newcomers.</summary>
    public bool IsDown { get; set; }

    /// <summary>Knows the realm no more.</summary>
    public bool IsGone { get; set; }

    /// <summary>Lets nobody watch.</summary>
    public bool IsForbidden { get; set; }

    public int Watchers
    {
        get
        {
            lock (_gate)
            {
                return _realmWatchers.Count + _revocationWatchers.Count;
            }
        }
    }

    public void Put(params IEnumerable<IRealmResource> resources)
    {
        lock (_gate)
        {
            foreach (var resource in resources)
            {
                _resources[(resource.Kind, resource.Id)] = resource;
            }
        }
    }

    /// <summary>Makes a revision of it and tells who watches; the revision.</summary>
    public long Change(params IRealmResource[] upserts) => Tell(upserts, []);

    public long Remove(ResourceKind kind, string id) => Tell([], [(kind, id)]);

    /// <summary>Newcomers reach a replica that is at an earlier revision, and so has other resources.</summary>
    public void FallBehind(long revision, params IRealmResource[] resources)
    {
        Put(resources);
        lock (_gate)
        {
            Revision = revision;
        }
    }

    /// <summary>A revision that changes nothing that can be seen.</summary>
    public long Pass()
    {
        lock (_gate)
        {
            return ++Revision;
        }
    }

    public void Show(Wire.RealmView view)
    {
        lock (_gate)
        {
            _view = view;
            foreach (var watcher in _realmWatchers)
            {
                Begin(watcher, after: 0);
            }
        }
    }

    public void Revoke(string id, DateTimeOffset? expiresAt = null)
    {
        lock (_gate)
        {
            var revocation = new Wire.Revocation { RevokedId = id, ExpireTime = Timestamp.FromDateTimeOffset(expiresAt ?? DateTimeOffset.UnixEpoch.AddYears(200)) };
            _revocations.Add(revocation);
            Send(_revocationWatchers, new() { Batch = new() { Revocations = { revocation }, Sequence = _revocations.Count } });
        }
    }

    /// <summary>Everything is known as it was at a time, which is this server's.</summary>
    public void Beat(DateTimeOffset asOf, TimeSpan age = default)
    {
        BeatRealm(asOf, age);
        BeatRevocations(asOf, age);
    }

    public void BeatRealm(DateTimeOffset asOf, TimeSpan age = default)
    {
        lock (_gate)
        {
            Send(_realmWatchers, new() { Heartbeat = Heartbeat(Revision, asOf, age) });
        }
    }

    public void BeatRevocations(DateTimeOffset asOf, TimeSpan age = default)
    {
        lock (_gate)
        {
            Send(_revocationWatchers, new() { Heartbeat = Heartbeat(_revocations.Count, asOf, age) });
        }
    }

    /// <summary>Breaks off every stream.</summary>
    public void Cut(StatusCode status = StatusCode.Unavailable, string reason = "REALM_FEED_UNAVAILABLE")
    {
        var fault = Faults.Of(status, reason);
        lock (_gate)
        {
            Complete(_realmWatchers, fault);
            Complete(_revocationWatchers, fault);
        }
    }

    internal Channel<Wire.WatchRealmResponse> Watch(Wire.WatchRealmRequest request)
    {
        RealmRequests.Enqueue(request);
        lock (_gate)
        {
            ThrowIfDown();
            var watcher = Channel.CreateUnbounded<Wire.WatchRealmResponse>();
            Begin(watcher, request.ViewId == _view.ViewId ? request.AfterRevision : 0);
            _realmWatchers.Add(watcher);
            return watcher;
        }
    }

    internal Channel<Wire.WatchRevocationsResponse> Watch(Wire.WatchRevocationsRequest request)
    {
        RevocationRequests.Enqueue(request);
        lock (_gate)
        {
            ThrowIfDown();
            var watcher = Channel.CreateUnbounded<Wire.WatchRevocationsResponse>();
            var heardOf = HeardOf ?? _revocations.Count;
            // To who is further than this replica everything is new, as to who begins.
            var isFirst = request.AfterSequence == 0 || request.AfterSequence > heardOf;
            watcher.Writer.TryWrite(new()
            {
                Batch = new()
                {
                    Revocations = { _revocations.Take(heardOf).Skip(isFirst ? 0 : (int)request.AfterSequence) },
                    Sequence = heardOf,
                    First = isFirst,
                },
            });
            _revocationWatchers.Add(watcher);
            return watcher;
        }
    }

    internal void Leave(object watcher)
    {
        lock (_gate)
        {
            _realmWatchers.RemoveAll(other => ReferenceEquals(other, watcher));
            _revocationWatchers.RemoveAll(other => ReferenceEquals(other, watcher));
        }
    }

    private long Tell(IReadOnlyList<IRealmResource> upserts, IReadOnlyList<(ResourceKind Kind, string Id)> deletes)
    {
        Put(upserts);
        lock (_gate)
        {
            foreach (var (kind, id) in deletes)
            {
                _resources.Remove((kind, id));
            }
            var delta = new Admin.RealmDelta { Revision = ++Revision };
            delta.Upserts.AddRange(upserts.Select(resource => resource.ToWire()));
            delta.Deletes.AddRange(deletes.Select(gone => RealmResourceMapping.ToWire(gone.Kind, gone.Id)));
            Send(_realmWatchers, new() { Delta = delta });
            return Revision;
        }
    }

    private void Begin(Channel<Wire.WatchRealmResponse> watcher, long after)
    {
        watcher.Writer.TryWrite(new() { View = _view });
        if (after != Revision)
        {
            var part = new Admin.RealmSnapshotPart { Revision = Revision, Last = true };
            part.Resources.AddRange(_resources.Values.Select(resource => resource.ToWire()));
            watcher.Writer.TryWrite(new() { SnapshotPart = part });
        }
    }

    private void ThrowIfDown()
    {
        if (IsGone)
        {
            throw Faults.Of(StatusCode.NotFound, "REALM_NOT_FOUND");
        }
        if (IsForbidden)
        {
            throw Faults.Of(StatusCode.PermissionDenied, "PERMISSION_DENIED");
        }
        if (IsDown)
        {
            throw Faults.Of(StatusCode.Unavailable, "REALM_FEED_UNAVAILABLE");
        }
    }

    private static Wire.FeedHeartbeat Heartbeat(long position, DateTimeOffset asOf, TimeSpan age) =>
        new() { Position = position, AsOfTime = Timestamp.FromDateTimeOffset(asOf), Age = Duration.FromTimeSpan(age) };

    private static void Send<T>(List<Channel<T>> watchers, T message) => watchers.ForEach(watcher => watcher.Writer.TryWrite(message));

    private static void Complete<T>(List<Channel<T>> watchers, RpcException fault) => watchers.ForEach(watcher => watcher.Writer.TryComplete(fault));
}
