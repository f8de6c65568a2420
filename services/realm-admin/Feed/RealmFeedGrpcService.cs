using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.RealmAdmin.Documents;
using Pltfrms.Iam.RealmAdmin.Paging;
using Pltfrms.Iam.RealmAdmin.Writes;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.RealmAdmin.Feed;

public sealed class RealmFeedGrpcService(
    CallerGate gate, WatchRealm watch, WatchedRealms watched, ResolveHost hosts, TimeProvider clock, IHostApplicationLifetime lifetime)
    : Wire.RealmFeedService.RealmFeedServiceBase
{
    private const int MessageSize = 1024 * 1024;
    private const int PositionsOfMessage = 5_000;

    // A snapshot holds a state of the database while it is written: a watcher that takes nothing must let go.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public override async Task WatchRealm(
        Wire.WatchRealmRequest request, IServerStreamWriter<Wire.WatchRealmResponse> responseStream, ServerCallContext context)
    {
        await gate.RequireAsync(context, request.RealmId, IamPermissions.RealmsWatch);
        new RequestFields()
            .Require("realm_id", request.RealmId, Rules.RealmId)
            .Require("after_revision", request.AfterRevision >= 0, "must not be negative")
            .ThrowIfAny();

        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            await foreach (var next in watch.StreamAsync(request.RealmId, PositionOf(request), !request.WithoutHeartbeats, ends.Token))
            {
                foreach (var message in Messages(next))
                {
                    await WriteAsync(responseStream, message, ends.Token);
                }
            }
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // The watcher left, or this process stops: either way the stream is over and nothing went wrong.
        }
    }

    public override async Task ConfirmRealms(
        IAsyncStreamReader<Wire.ConfirmRealmsRequest> requestStream, IServerStreamWriter<Wire.ConfirmRealmsResponse> responseStream, ServerCallContext context)
    {
        await gate.RequireAsync(context, "", IamPermissions.RealmsWatch);

        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        using var follower = new RealmFollower(watched, clock);
        var listening = ListenAsync(requestStream, follower, ends);
        try
        {
            await foreach (var next in follower.StreamAsync(ends.Token))
            {
                foreach (var message in Messages(next))
                {
                    await WriteAsync(responseStream, message, ends.Token);
                }
            }
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // The follower left, or this process stops.
        }
        finally
        {
            await ends.CancelAsync();
            await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public override async Task<Wire.ResolveHostResponse> ResolveHost(Wire.ResolveHostRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, "", IamPermissions.RealmsWatch);
        new RequestFields().Require("host_name", request.HostName, Rules.HostName).ThrowIfAny();

        return new() { RealmId = await hosts.ExecuteAsync(request.HostName, context.CancellationToken) ?? "" };
    }

    private static RealmPosition PositionOf(Wire.WatchRealmRequest request) =>
        new(request.AfterRevision, OperationFields.TimeOf(request.CreateTime, "create_time"));

    /// <summary>Takes what a follower says until it says no more, which ends its stream.</summary>
    private static async Task ListenAsync(IAsyncStreamReader<Wire.ConfirmRealmsRequest> requests, RealmFollower follower, CancellationTokenSource ends)
    {
        try
        {
            while (await requests.MoveNext(ends.Token))
            {
                foreach (var realm in requests.Current.Followed)
                {
                    follower.Follow(realm.FollowId, realm.RealmId);
                }

                foreach (var followId in requests.Current.Dropped)
                {
                    follower.Drop(followId);
                }
            }
        }
        finally
        {
            await ends.CancelAsync();
        }
    }

    private static async Task WriteAsync<T>(IServerStreamWriter<T> stream, T message, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await stream.WriteAsync(message, patience.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IamException(ErrorReason.RealmFeedUnavailable, "The watcher took no event for a minute.", exception);
        }
    }

    private static IEnumerable<Wire.WatchRealmResponse> Messages(RealmFeedEvent next) => next switch
    {
        SnapshotPart part => Parts(part),
        RealmDelta delta => [new() { Delta = ToWire(delta) }],
        _ => [new() { Heartbeat = new() { Revision = next.Revision, AsOfTime = Timestamp.FromDateTimeOffset(next.AsOf) } }],
    };

    private static IEnumerable<Wire.ConfirmRealmsResponse> Messages(RealmsConfirmed confirmed)
    {
        var last = new Wire.ConfirmRealmsResponse { AsOfTime = Timestamp.FromDateTimeOffset(confirmed.AsOf) };
        return confirmed.Moved.Chunk(PositionsOfMessage)
            .Select(some => new Wire.ConfirmRealmsResponse { Moved = { some.Select(moved => ToWire(moved.FollowId, moved.Position)) } })
            .Append(last);
    }

    private static Wire.RealmPosition ToWire(long followId, RealmPosition position) => new()
    {
        FollowId = followId,
        Revision = position.Revision,
        CreateTime = position.CreatedAt is { } createdAt ? Timestamp.FromDateTimeOffset(createdAt) : null,
    };

    /// <summary>Resources differ in size by orders of magnitude: a part is cut again where its message would get large.</summary>
    private static IEnumerable<Wire.WatchRealmResponse> Parts(SnapshotPart part)
    {
        var (message, size) = (NewPart(part), 0);
        foreach (var resource in part.Resources.Select(resource => resource.ToWire()))
        {
            size += resource.CalculateSize();
            if (size > MessageSize && message.Resources.Count > 0)
            {
                yield return new() { SnapshotPart = message };
                (message, size) = (NewPart(part), resource.CalculateSize());
            }

            message.Resources.Add(resource);
        }

        message.Last = part.Last;
        yield return new() { SnapshotPart = message };
    }

    private static Wire.RealmSnapshotPart NewPart(SnapshotPart part) =>
        new() { Revision = part.Revision, AsOfTime = Timestamp.FromDateTimeOffset(part.AsOf) };

    private static Wire.RealmDelta ToWire(RealmDelta delta) => new()
    {
        Revision = delta.Revision,
        AsOfTime = Timestamp.FromDateTimeOffset(delta.AsOf),
        Upserts = { delta.Upserts.Select(resource => resource.ToWire()) },
        Deletes = { delta.Deletes.Select(deleted => RealmResourceMapping.ToWire(deleted.Kind, deleted.Id)) },
    };
}
