using Grpc.Core;
using Microsoft.Extensions.Options;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Token.Feeds;

/// <summary>Who may watch a realm, when a stream begins and as long as it lives.</summary>
public sealed class WatcherAccess(
    CallerGate gate, RealmSnapshots realms, IOptions<FeedOptions> options, TimeProvider clock, FeedMetrics metrics, ILogger<WatcherAccess> log)
{
    /// <exception cref="IamException">UNAUTHENTICATED, PERMISSION_DENIED, or an outage.</exception>
    internal ValueTask<Caller> RequireAsync(ServerCallContext context, string realmId, string permission) =>
        gate.RequireAsync(context, realmId, permission);

    internal WatchedCall CallOf(string realmId, Caller caller, CancellationToken ends) => new()
    {
        RealmId = realmId,
        Caller = caller,
        Options = options.Value,
        Clock = clock,
        Metrics = metrics,
        Log = log,
        Ends = ends,
    };

    /// <summary>
    /// Whether a caller still may. Services and operators have no realm that could take it away from them, only this service's settings.
    /// </summary>
    /// <exception cref="IamException">UNAUTHENTICATED, PERMISSION_DENIED, REALM_NOT_FOUND.</exception>
    internal async ValueTask<WatchCheck> CheckAsync(ServerCallContext context, WatchedCall call, string permission)
    {
        if (realms.Find(call.RealmId)?.Snapshot is not { } realm)
        {
            return WatchCheck.Unknown;
        }

        // First, for a realm that is disabled has no good tokens any more.
        if (realm.Realm.Disabled)
        {
            throw NotFound(call.RealmId);
        }

        return call.Caller.Kind == CallerKind.Token && !await IsKnownAsync(context, call, permission) ? WatchCheck.Unknown : WatchCheck.Same;
    }

    internal static IamException NotFound(string realmId) => new(ErrorReason.RealmNotFound, "There is no such realm.")
    {
        Metadata = new Dictionary<string, string> { ["realm_id"] = realmId },
    };

    /// <summary>Whether anybody can tell; throws where the caller may not.</summary>
    private async ValueTask<bool> IsKnownAsync(ServerCallContext context, WatchedCall call, string permission)
    {
        try
        {
            await gate.RequireAsync(context, call.RealmId, permission);
            return true;
        }
        catch (IamException outage) when (WireError.For(outage.Reason).GrpcCode == StatusCode.Unavailable)
        {
            return false;
        }
    }
}
