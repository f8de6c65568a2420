using Microsoft.Extensions.Options;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Common.Http;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Realms;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>
/// Which realm a request is for: the one whose own host it came to, else the one that the path names. A realm's own host serves no other realm,
/// so that nothing of two realms ever lies under one origin.
/// </summary>
public sealed class RequestedRealm(RealmSnapshots realms, RealmHosts hosts, Issuers issuers, IOptions<ListenSettings> listen)
{
    private static readonly object OwnHost = new();

    /// <summary>The realm that the request is for, once <see cref="RequireAsync"/> has found it.</summary>
    public static string Of(HttpContext context) => RealmRoute.Of(context)!;

    /// <summary>Whether the request came to a host that is the realm's own.</summary>
    public static bool IsOnOwnHost(HttpContext context) => context.Items.ContainsKey(OwnHost);

    /// <param name="context">The request.</param>
    /// <param name="ending">How its path must end. Routes match in any case and with a slash at the end, and whoever guards addresses before us may not.</param>
    /// <exception cref="IamException">REALM_NOT_FOUND; NOT_OFFERED where neither path nor host names a realm; REALM_FEED_UNAVAILABLE.</exception>
    public async ValueTask RequireAsync(HttpContext context, string ending)
    {
        if (context.Request.Path.Value is not { } path || path.EndsWith('/') || !path.EndsWith(ending, StringComparison.Ordinal))
        {
            throw NotOffered();
        }

        var named = RealmRoute.Of(context);
        var owner = IsShared(context.Request) ? null : await OwnerAsync(context, isPathEnough: named is not null);
        if (owner is not null && named is not null && named != owner)
        {
            throw new IamException(ErrorReason.RealmNotFound, "There is no such realm.");
        }

        RealmRoute.Set(context.Request, owner ?? named ?? throw NotOffered());
        if (owner is not null)
        {
            context.Items[OwnHost] = owner;
        }
        else
        {
            await realms.GetLastKnownAsync(named!, context.RequestAborted);
        }
    }

    internal static IamException NotOffered() => new(ErrorReason.NotOffered, "There is nothing at this address.");

    /// <summary>By far most requests, found without making a string.</summary>
    private bool IsShared(HttpRequest request) =>
        !listen.Value.BehindTlsProxy && string.Equals(request.Host.Value, issuers.SharedHost, StringComparison.OrdinalIgnoreCase);

    /// <summary>The realm that has the request's host, by its latest snapshot; null: none has.</summary>
    private async ValueTask<string?> OwnerAsync(HttpContext context, bool isPathEnough)
    {
        var host = RequestHost.Of(context.Request, issuers.IsHttps, listen.Value.BehindTlsProxy);
        if (host is null || issuers.IsShared(host))
        {
            return null;
        }

        // Once more where the answer was of yesterday.
        for (var attempt = 0; attempt < 2; attempt++)
        {
            if (await FindAsync(host, isPathEnough, context.RequestAborted) is not { } realmId)
            {
                return null;
            }

            if (await HasAsync(realmId, host, context.RequestAborted))
            {
                return realmId;
            }

            hosts.Forget(host);
        }

        return null;
    }

    private async ValueTask<bool> HasAsync(string realmId, string host, CancellationToken cancellationToken)
    {
        try
        {
            return (await realms.GetLastKnownAsync(realmId, cancellationToken)).Realm.HostName == host;
        }
        catch (IamException exception) when (exception.Reason == ErrorReason.RealmNotFound)
        {
            // Disabled, or deleted and the name perhaps another's: the next request asks again.
            hosts.Forget(host);
            throw;
        }
    }

    /// <remarks>An outage of realm-admin does not take away realms that are known and named by the path.</remarks>
    private async ValueTask<string?> FindAsync(string host, bool isPathEnough, CancellationToken cancellationToken)
    {
        try
        {
            return await hosts.FindAsync(host, cancellationToken);
        }
        catch (IamException exception) when (isPathEnough && exception.Reason == ErrorReason.RealmFeedUnavailable)
        {
            return null;
        }
    }
}
