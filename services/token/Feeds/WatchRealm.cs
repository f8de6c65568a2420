using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms;
using Wire = Pltfrms.Iam.Token.V1;

namespace Pltfrms.Iam.Token.Feeds;

/// <summary>Streams what a caller may see of a realm.</summary>
public sealed class WatchRealm(WatcherAccess access, WatcherPlaces places, RealmSnapshots realms, RealmViews views)
{
    /// <exception cref="Common.Errors.IamException">As decision_feed_service.proto has it.</exception>
    internal async Task ExecuteAsync(
        Wire.WatchRealmRequest request, IServerStreamWriter<EncodedMessage> output, ServerCallContext context, CancellationToken stopping)
    {
        var caller = await access.RequireAsync(context, request.RealmId, IamPermissions.PermissionsCheck);
        var position = WatchRequests.Read(request);
        using var place = places.Take(caller);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, stopping);
        var call = access.CallOf(request.RealmId, caller, ends.Token);
        var watcher = new Watcher(output, context, call);
        while (true)
        {
            position = await FollowAsync(request, watcher, position, call, context);
        }
    }

    /// <summary>Until the view ends or the caller comes to see another; what it has then.</summary>
    private async Task<ViewPosition> FollowAsync(
        Wire.WatchRealmRequest request, Watcher watcher, ViewPosition position, WatchedCall call, ServerCallContext context)
    {
        var realm = await realms.GetAsync(request.RealmId, minRevision: 0, call.Ends);
        if (position.CreatedAt is { } createdAt && createdAt != realm.Realm.CreatedAt)
        {
            throw WatcherAccess.NotFound(request.RealmId);
        }

        var audiences = ViewAudiences.Of(realm, call.Caller, request.Audiences);
        using var lease = views.Join(request.RealmId, audiences);
        await watcher.SendAsync(lease.Stream.Description);
        await watcher.FollowAsync(lease.Stream, position.In(audiences), CheckAsync);
        return new(watcher.Position, lease.Stream.CreatedAt, audiences.Id);

        async ValueTask<WatchCheck> CheckAsync()
        {
            var found = await access.CheckAsync(context, call, IamPermissions.PermissionsCheck);
            if (found == WatchCheck.Same && call.Caller.Kind == CallerKind.Token && realms.Find(request.RealmId)?.Snapshot is { } now && !ReferenceEquals(now, realm))
            {
                realm = now;
                return ViewAudiences.Of(now, call.Caller, request.Audiences) == audiences ? found : WatchCheck.Another;
            }

            return found;
        }
    }
}

/// <summary>What a watcher has of a realm.</summary>
/// <param name="Revision">0: nothing.</param>
/// <param name="CreatedAt">When the realm was made; null: it has none.</param>
/// <param name="ViewId">The view that the revision is of.</param>
internal readonly record struct ViewPosition(long Revision, DateTimeOffset? CreatedAt, string ViewId)
{
    /// <summary>The revision that it has of a view; null: none.</summary>
    public long? In(ViewAudiences audiences) => Revision > 0 && CreatedAt is not null && ViewId == audiences.Id ? Revision : null;
}
