using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Sessions;

namespace Pltfrms.Iam.Token.Authorization;

/// <summary>Whether a login is as fresh and as strong as a request asks for (OpenID Connect Core section 3.1.2.1, RFC 9470).</summary>
public static class LoginRequirement
{
    /// <summary>Between our clock and that of whoever authenticates.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(60);

    public static bool IsMet(Realm realm, PendingAuthorization pending, LoginSession session, DateTimeOffset now) =>
        IsFresh(pending, session, now) && IsStrong(realm, pending.Request, session);

    /// <summary>Whether the user logged in for this very request, so that asking once more would change nothing.</summary>
    public static bool WasAsked(PendingAuthorization pending, LoginSession session) => pending.Progress.SessionHash == session.SessionHash;

    private static bool IsFresh(PendingAuthorization pending, LoginSession session, DateTimeOffset now)
    {
        if (WasAsked(pending, session))
        {
            return IsAsFreshAsAsked(pending, session);
        }

        // max_age=0 asks for what prompt=login does.
        return !pending.Request.Prompt.HasFlag(Prompts.Login)
            && (pending.Request.MaxAge is not { } seconds || (seconds > 0 && session.AuthenticatedAt.AddSeconds(seconds) >= now));
    }

    /// <summary>
    /// Whoever authenticates may know the user from before, and say so: that is not what was asked for. How long the user then takes to choose and
    /// to consent does not count.
    /// </summary>
    private static bool IsAsFreshAsAsked(PendingAuthorization pending, LoginSession session)
    {
        var at = session.AuthenticatedAt + ClockSkew;
        return (!pending.Request.Prompt.HasFlag(Prompts.Login) || at >= pending.CreatedAt)
            && (pending.Request.MaxAge is not { } seconds || at.AddSeconds(seconds) >= session.CreatedAt);
    }

    /// <summary>One of the asked values, or one that the realm holds to be stronger than the weakest of them.</summary>
    private static bool IsStrong(Realm realm, AuthorizationRequest request, LoginSession session)
    {
        if (request.AcrValues.Count == 0 || request.AcrValues.AsSpan().Contains(session.Acr))
        {
            return true;
        }

        var order = realm.AcrValues.AsSpan();
        var reached = order.IndexOf(session.Acr);
        foreach (var asked in request.AcrValues)
        {
            var needed = order.IndexOf(asked);
            if (needed >= 0 && reached >= needed)
            {
                return true;
            }
        }

        return false;
    }
}
