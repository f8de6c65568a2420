using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Token.Sessions;

namespace Pltfrms.Iam.Token.Authorization;

/// <summary>Whether a login is as fresh and as strong as a request asks for (OpenID Connect Core section 3.1.2.1, RFC 9470).</summary>
public static class LoginRequirement
{
    public static bool IsMet(Realm realm, PendingAuthorization pending, LoginSession session, DateTimeOffset now) =>
        IsFresh(pending, session, now) && IsStrong(realm, pending.Request, session);

    /// <summary>Whether the user logged in for this very request, so that asking once more would change nothing.</summary>
    public static bool WasAsked(PendingAuthorization pending, LoginSession session) => pending.Progress.SessionHash == session.SessionHash;

    private static bool IsFresh(PendingAuthorization pending, LoginSession session, DateTimeOffset now)
    {
        if (WasAsked(pending, session))
        {
            return true;
        }

        // max_age=0 asks for what prompt=login does.
        return !pending.Request.Prompt.HasFlag(Prompts.Login)
            && (pending.Request.MaxAge is not { } seconds || (seconds > 0 && session.AuthenticatedAt.AddSeconds(seconds) >= now));
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
