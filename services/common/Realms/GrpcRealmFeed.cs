using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Grpc.Core;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms.Mapping;
using Pltfrms.Iam.Errors.V1;
using Wire = Pltfrms.Iam.RealmAdmin.V1;

namespace Pltfrms.Iam.Common.Realms;

/// <summary>Realms from realm-admin's RealmFeedService.</summary>
/// <param name="realmAdmin">
/// The channel, with the credentials. A stream per realm stays open on it, so it must be allowed more than one HTTP/2 connection.
/// </param>
public sealed class GrpcRealmFeed(CallInvoker realmAdmin) : IRealmFeed
{
    private const int RealmsOfMessage = 1_000;

    private readonly Wire.RealmFeedService.RealmFeedServiceClient _client = new(realmAdmin);

    public async IAsyncEnumerable<RealmFeedEvent> WatchAsync(
        string realmId, RealmPosition after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new Wire.WatchRealmRequest
        {
            RealmId = realmId,
            AfterRevision = after.Revision,
            CreateTime = after.CreatedAt is { } createdAt ? WireValues.ToWire(createdAt) : null,
            WithoutHeartbeats = true,
        };
        using var call = _client.WatchRealm(request, cancellationToken: cancellationToken);
        while (await MoveNextAsync(call.ResponseStream, realmId, cancellationToken))
        {
            yield return ToEvent(call.ResponseStream.Current);
        }
    }

    public async IAsyncEnumerable<RealmsConfirmed> ConfirmAsync(
        ChannelReader<FollowedRealm> followed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var call = _client.ConfirmRealms(cancellationToken: ends.Token);
        var telling = TellAsync(call.RequestStream, followed, ends.Token);
        try
        {
            while (await call.ResponseStream.MoveNext(ends.Token))
            {
                yield return ToConfirmed(call.ResponseStream.Current);
            }
        }
        finally
        {
            await ends.CancelAsync();
            await telling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async Task<string?> ResolveHostAsync(string hostName, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _client.ResolveHostAsync(new Wire.ResolveHostRequest { HostName = hostName }, cancellationToken: cancellationToken);
            return answer.RealmId.Length > 0 ? answer.RealmId : null;
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.InvalidArgument)
        {
            // It comes from a request's header and may be anything.
            return null;
        }
    }

    /// <summary>What it fails with the stream's other half says.</summary>
    private static async Task TellAsync(
        IClientStreamWriter<Wire.ConfirmRealmsRequest> stream, ChannelReader<FollowedRealm> followed, CancellationToken cancellationToken)
    {
        while (await followed.WaitToReadAsync(cancellationToken))
        {
            var request = new Wire.ConfirmRealmsRequest();
            while (request.Followed.Count + request.Dropped.Count < RealmsOfMessage && followed.TryRead(out var realm))
            {
                if (realm.RealmId is { } realmId)
                {
                    request.Followed.Add(new Wire.FollowedRealm { FollowId = realm.FollowId, RealmId = realmId });
                }
                else
                {
                    request.Dropped.Add(realm.FollowId);
                }
            }

            await stream.WriteAsync(request, cancellationToken);
        }
    }

    private static RealmsConfirmed ToConfirmed(Wire.ConfirmRealmsResponse response) => new(
        [.. response.Moved.Select(moved => (moved.FollowId, new RealmPosition(moved.Revision, moved.CreateTime?.ToDateTimeOffset())))],
        IsLast: response.AsOfTime is not null);

    private static async Task<bool> MoveNextAsync(
        IAsyncStreamReader<Wire.WatchRealmResponse> stream, string realmId, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.MoveNext(cancellationToken);
        }
        catch (RpcException failure) when (failure.StatusCode is StatusCode.NotFound or StatusCode.InvalidArgument)
        {
            // INVALID_ARGUMENT: an id of a form that no realm's id has. It comes from a URL and may be anything.
            throw new IamException(ErrorReason.RealmNotFound, "There is no such realm.", failure)
            {
                Metadata = new Dictionary<string, string> { ["realm_id"] = realmId },
            };
        }
    }

    private static RealmFeedEvent ToEvent(Wire.WatchRealmResponse response) => response.EventCase switch
    {
        Wire.WatchRealmResponse.EventOneofCase.SnapshotPart => new RealmFeedEvent.SnapshotPart
        {
            Revision = response.SnapshotPart.Revision,
            Resources = [.. response.SnapshotPart.Resources.Select(RealmResourceMapping.ToRecord)],
            IsLast = response.SnapshotPart.Last,
        },
        Wire.WatchRealmResponse.EventOneofCase.Delta => new RealmFeedEvent.Delta
        {
            Revision = response.Delta.Revision,
            Upserts = [.. response.Delta.Upserts.Select(RealmResourceMapping.ToRecord)],
            Deletes = [.. response.Delta.Deletes.Select(RealmResourceMapping.ToRecord)],
        },
        Wire.WatchRealmResponse.EventOneofCase.Heartbeat => new RealmFeedEvent.Heartbeat { Revision = response.Heartbeat.Revision },
        _ => throw new InvalidDataException("The feed has an event that this version does not know."),
    };
}
