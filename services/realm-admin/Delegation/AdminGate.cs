using Grpc.Core;
using Pltfrms.Iam.Common.Authentication;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.RealmAdmin.Delegation;

/// <summary>The first line of every administrative method: who calls, and where may they?</summary>
public sealed class AdminGate(CallerGate gate, HoldingsReader holdings, IDatabase database)
{
    /// <summary>A caller who has the permission in the whole realm.</summary>
    /// <exception cref="IamException">UNAUTHENTICATED, PERMISSION_DENIED, or an outage.</exception>
    public async Task<Administrator> RequireRealmAsync(ServerCallContext context, string realmId, string permission)
    {
        var administrator = await RequireAsync(context, realmId, permission);
        return administrator.Reach.IsRealm ? administrator : throw CallerGate.Denied(realmId, permission);
    }

    /// <summary>A caller who has the permission in the realm, or in some of its organizations.</summary>
    /// <exception cref="IamException">UNAUTHENTICATED, PERMISSION_DENIED, or an outage.</exception>
    public async Task<Administrator> RequireAsync(ServerCallContext context, string realmId, string permission)
    {
        var caller = await IdentifyAsync(context, realmId);
        var reach = (await HeldAsync(caller, realmId, context.CancellationToken)).ReachOf(permission);
        return reach.IsNowhere ? throw CallerGate.Denied(realmId, permission) : new Administrator(caller, reach);
    }

    private async Task<Holdings> HeldAsync(Caller caller, string realmId, CancellationToken cancellationToken)
    {
        if (HoldingsReader.OfTrusted(caller) is { } trusted)
        {
            return trusted;
        }

        await using var session = await database.BeginReadAsync(cancellationToken);
        return await holdings.ReadAsync(session, caller, realmId, cancellationToken);
    }

    private ValueTask<Caller> IdentifyAsync(ServerCallContext context, string realmId)
    {
        // A token is good for its own realm, and one of the platform realm for others. Where a call names no realm, whether the token is good at all
        // still decides which error its holder sees; and what is no JWT is then no token that anybody could be asked about.
        if (realmId.Length > 0)
        {
            return gate.IdentifyAsync(context, holdings.Platform.Is(realmId) ? [realmId] : [realmId, holdings.Platform.RealmId]);
        }

        string[] realmIds = CallerGate.ClaimedRealmOf(context) is { } claimed ? [holdings.Platform.RealmId, claimed] : [];
        return gate.IdentifyAsync(context, [.. realmIds.Where(id => id.Length > 0).Distinct()]);
    }
}

/// <summary>Who calls, and where they may do what the call does.</summary>
public sealed record Administrator(Caller Caller, Reach Reach);
