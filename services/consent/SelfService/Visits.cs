using Pltfrms.Iam.Common;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Http;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Storage;
using Pltfrms.Iam.Consent.Dialog;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.Consent.SelfService;

/// <summary>A user's visit: from the link, by a cookie of this host for the account pages of one realm, until the user leaves or it is over.</summary>
public sealed class Visits(RealmSnapshots realms, IDatabase database, SelfServiceStore store, ConsentPlaces places, TimeProvider clock)
{
    /// <summary>The query parameter that names a visit to whoever is to open it.</summary>
    public const string Parameter = "account_visit";

    private const string Name = "iam-account";

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    public static string PathOf(string realmId) => $"{RealmRoute.Prefix}{realmId}/account";

    /// <summary>Begins the visit of who has the link, once; where the browser goes to have it opened.</summary>
    /// <exception cref="IamException">UNAUTHENTICATED: the link is used, too old or none. STORAGE_UNAVAILABLE.</exception>
    public async Task<string> EnterAsync(HttpContext context, string realmId, string link)
    {
        var now = clock.GetUtcNow();
        await using var session = await database.BeginWriteAsync(context.RequestAborted);
        var taken = OpaqueValue.HashOf(link) is { } hash ? await store.TakeLinkAsync(session, realmId, hash, now, context.RequestAborted) : null;
        if (taken is not { ReturnUri: { } returnUri })
        {
            throw NotSignedIn();
        }

        var secret = OpaqueValue.New();
        var visit = taken with { SecretHash = OpaqueValue.Hash(secret), IsLink = false, ExpiresAt = now + Lifetime };
        await store.AddAsync(session, visit, context.RequestAborted);
        await session.CommitAsync(context.RequestAborted);
        context.Response.Cookies.Append(CookieName(), secret, Options(realmId));
        return $"{returnUri}{(returnUri.Contains('?') ? '&' : '?')}{Parameter}={visit.SecretHash}";
    }

    /// <summary>The visit of the request's browser.</summary>
    /// <exception cref="IamException">UNAUTHENTICATED: there is none, or the user is gone since. STORAGE_UNAVAILABLE.</exception>
    public async Task<SelfServiceVisit> RequireAsync(HttpContext context, string realmId)
    {
        var hash = HashOf(context.Request) ?? throw NotSignedIn();
        var realm = await realms.GetAsync(realmId, 0, context.RequestAborted);
        await using var session = await database.OpenAsync(context.RequestAborted);
        var visit = await store.FindAsync(session, realmId, hash, clock.GetUtcNow(), context.RequestAborted) ?? throw NotSignedIn();
        return realm.FindUser(visit.UserId) is { Disabled: false } ? visit : throw NotSignedIn();
    }

    /// <summary>Ends the visit of the request's browser, where there is one.</summary>
    /// <exception cref="IamException">STORAGE_UNAVAILABLE.</exception>
    public async Task LeaveAsync(HttpContext context, string realmId)
    {
        if (HashOf(context.Request) is { } hash)
        {
            await using var session = await database.BeginWriteAsync(context.RequestAborted);
            await store.RemoveAsync(session, realmId, hash, context.RequestAborted);
            await session.CommitAsync(context.RequestAborted);
        }

        context.Response.Cookies.Delete(CookieName(), Options(realmId));
    }

    private string? HashOf(HttpRequest request) => request.Cookies[CookieName()] is { } secret ? OpaqueValue.HashOf(secret) : null;

    // __Host- would want the path /, and with it one visit would be sent to every realm.
    private string CookieName() => places.IsSecure() ? $"__Secure-{Name}" : Name;

    // Lax: the link is followed from the token service's site.
    private CookieOptions Options(string realmId) =>
        new() { HttpOnly = true, Secure = places.IsSecure(), SameSite = SameSiteMode.Lax, Path = PathOf(realmId) };

    private static IamException NotSignedIn() => new(ErrorReason.Unauthenticated, "There is no open visit, or the link was used before or is too old.");
}
