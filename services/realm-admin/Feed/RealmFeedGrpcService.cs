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

public sealed class RealmFeedGrpcService(CallerGate gate, WatchRealm watch, ResolveHost hosts, IHostApplicationLifetime lifetime)
    : Wire.RealmFeedService.RealmFeedServiceBase
{
    private const int MessageSize = 1024 * 1024;

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
            await foreach (var next in watch.StreamAsync(request.RealmId, PositionOf(request), ends.Token))
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

    public override async Task<Wire.ResolveHostResponse> ResolveHost(Wire.ResolveHostRequest request, ServerCallContext context)
    {
        await gate.RequireAsync(context, "", IamPermissions.RealmsWatch);
        new RequestFields().Require("host_name", request.HostName, Rules.HostName).ThrowIfAny();

        return new() { RealmId = await hosts.ExecuteAsync(request.HostName, context.CancellationToken) ?? "" };
    }

    private static RealmPosition PositionOf(Wire.WatchRealmRequest request) =>
        new(request.AfterRevision, OperationFields.TimeOf(request.CreateTime, "create_time"));

    private static async Task WriteAsync(
        IServerStreamWriter<Wire.WatchRealmResponse> stream, Wire.WatchRealmResponse message, CancellationToken cancellationToken)
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
