using Pltfrms.Iam.Client.Feeds;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Tokens;
using Decided = Pltfrms.Iam.Common.Decisions;

namespace Pltfrms.Iam.Client.Local;

/// <summary>Whether a token is active, as far as that can be known here: with fresh streams, and of tokens that stand on nothing else.</summary>
internal sealed class LocalStanding(DecisionFeeds feeds, LocalTokens tokens)
{
    /// <summary>Here the server's time is known but for what a message takes: so close to its end only the server says when a token has expired.</summary>
    private static readonly long Margin = TimeSpan.FromSeconds(1).Ticks;

    /// <summary>False where this side cannot know; why is in <paramref name="fallback"/>.</summary>
    public bool Find(string token, long minRevision, out Found found, out string fallback)
    {
        if (!FindState(minRevision, out found, out fallback))
        {
            return false;
        }
        fallback = Fallback.Token;
        if (tokens.Find(token) is not { } known)
        {
            return false;
        }
        fallback = Fallback.Standing;
        if (known.Claims.Assertion is not null || (known.Claims.DelegationId is not null && !found.State.ShowsDelegations))
        {
            return false;
        }
        var left = known.ExpiresAtTicks - found.ServerTicks;
        if (left > 0 && left <= Margin)
        {
            fallback = Fallback.Expiring;
            return false;
        }
        found = found with { Token = left <= 0 || known.IsRevoked(feeds.Revocations) ? null : known };
        return true;
    }

    /// <summary>The realm, where both streams are fresh and it is at the revision.</summary>
    public bool FindState(long minRevision, out Found found, out string fallback)
    {
        feeds.Start();
        found = default;
        fallback = Fallback.Stale;
        var now = feeds.Clock.Now;
        if (!feeds.Revocations.Pulse.IsFresh(now) || feeds.Realm.FreshState(now) is not { } state)
        {
            return false;
        }
        if (state.Snapshot.Realm.Disabled)
        {
            // How that is said, and since when, is the server's to say.
            fallback = Fallback.Standing;
            return false;
        }
        fallback = Fallback.Revision;
        found = new(state, null, feeds.Realm.Pulse.ServerTicks(now));
        return state.Revision >= minRevision;
    }

    /// <summary>Whether whom the token names is still welcome.</summary>
    public static bool Holds(in Found found, KnownToken known) => TokenStanding.Holds(found.State.Snapshot, known.Claims, found.ServerTime);

    /// <summary>As introspection says it: a token that is tied to an organization where nothing is allowed is good for nothing.</summary>
    public static bool IsIntrospectable(in Found found, KnownToken known) =>
        Holds(found, known)
        && (known.Claims.OrganizationId is not { } organizationId || found.State.Snapshot.IsUsableOrganization(organizationId));

    /// <summary>Whether the answer is the same at all times, from everywhere and after any login, as long as the realm stays what it is.</summary>
    public static bool IsConstant(RealmState state, KnownToken known, Decided.PermissionQuestion asked)
    {
        var claims = known.Claims;
        if (claims.DelegationId is not null || state.Snapshot.FindDeclaringResourceServer(asked.Permission) is not { } server)
        {
            return false;
        }
        var organizationId = Decided.PermissionDecision.OrganizationOf(claims, server, asked.Context);
        return PermissionEvaluator.IsConstant(state.Snapshot, claims.Subject, organizationId, asked.Permission)
            && claims.Actors.All(actor => actor.Type != MemberType.User
                || PermissionEvaluator.IsConstant(state.Snapshot, actor, organizationId, asked.Permission));
    }
}
