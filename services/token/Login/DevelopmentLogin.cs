using System.Net;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.Authorization;
using Pltfrms.Iam.Token.Sessions;

namespace Pltfrms.Iam.Token.Login;

/// <summary>The login of development: whoever names a user is that user. Offered on loopback only, and only where an operator switched it on.</summary>
public sealed class DevelopmentLogin(TokenOptions options)
{
    public bool IsOfferedTo(HttpContext context) =>
        options.DevelopmentLogin && context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);

    /// <summary>The login of a named user; null: the realm has no such user, or it is disabled.</summary>
    public static CompletedLogin? LogIn(RealmSnapshot realm, AuthorizationRequest request, string userName) =>
        realm.FindUser(userName) is { Disabled: false } user ? new CompletedLogin { UserId = user.UserId, Acr = AcrFor(realm, request) } : null;

    /// <summary>As strong as asked for, so that step-up can be tried out; else the realm's weakest.</summary>
    private static string? AcrFor(RealmSnapshot realm, AuthorizationRequest request)
    {
        foreach (var asked in request.AcrValues)
        {
            if (realm.Realm.AcrValues.AsSpan().Contains(asked))
            {
                return asked;
            }
        }

        return realm.Realm.AcrValues.Count > 0 ? realm.Realm.AcrValues[0] : null;
    }
}
