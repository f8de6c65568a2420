using Grpc.Core;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Token.Feeds;

/// <summary>Streams what is revoked in a realm. The ids are as good as random: they say nothing to who does not have the tokens.</summary>
public sealed class WatchRevocations(WatcherAccess access, WatcherPlaces places, RealmSnapshots realms, RevocationStreams streams)
{
    /// <exception cref="Common.Errors.IamException">As decision_feed_service.proto has it.</exception>
    internal async Task ExecuteAsync(
        Wire.WatchRevocationsRequest request, IServerStreamWriter<EncodedMessage> output, ServerCallContext context, CancellationToken stopping)
    {
        var caller = await access.RequireAsync(context, request.RealmId, IamPermissions.TokensIntrospect);
        long? position = WatchRequests.Read(request);
        using var place = places.Take(caller);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, stopping);
        var call = access.CallOf(request.RealmId, caller, ends.Token);
        var watcher = new Watcher(output, context, call);
        while (true)
        {
            await realms.GetAsync(request.RealmId, minRevision: 0, ends.Token);
            using var lease = await streams.JoinAsync(request.RealmId, ends.Token);
            await watcher.FollowAsync(lease.Stream, position, () => access.CheckAsync(context, call, IamPermissions.TokensIntrospect));
            position = watcher.Position;
        }
    }
}
