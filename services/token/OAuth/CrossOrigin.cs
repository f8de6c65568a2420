using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>
/// Which web pages may read answers (the Fetch standard's CORS protocol): those of the origins that clients of the realm have registered, and only
/// where no cookie counts. Never on the authorization endpoint (RFC 9700 section 2.1).
/// </summary>
public sealed class CrossOrigin(RealmSnapshots realms)
{
    private readonly ConditionalWeakTable<RealmSnapshot, FrozenSet<string>> _origins = [];

    public async ValueTask AllowAsync(HttpContext context, string methods)
    {
        if (context.Request.Headers.Origin is not [{ Length: > 0 } origin])
        {
            return;
        }

        var headers = context.Response.Headers;
        headers.Vary = "Origin";
        var realm = await realms.GetLastKnownAsync(OAuthRoutes.RealmOf(context), context.RequestAborted);
        if (!_origins.GetValue(realm, OriginsOf).Contains(origin))
        {
            return;
        }

        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlExposeHeaders = "WWW-Authenticate, Retry-After, DPoP-Nonce";
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            headers.AccessControlAllowMethods = methods;
            headers.AccessControlAllowHeaders = "Authorization, Content-Type, DPoP";
            headers.AccessControlMaxAge = "600";
        }
    }

    private static FrozenSet<string> OriginsOf(RealmSnapshot realm) =>
        realm.Clients.Where(client => !client.Disabled).SelectMany(client => client.WebOrigins.Concat(OriginsOf(client))).ToFrozenSet(StringComparer.Ordinal);

    private static IEnumerable<string> OriginsOf(Client client) =>
        from redirectUri in client.RedirectUris
        let uri = Uri.TryCreate(redirectUri, UriKind.Absolute, out var parsed) ? parsed : null
        where uri is not null && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        select uri.GetLeftPart(UriPartial.Authority);
}
