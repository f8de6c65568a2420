using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.Token.Keys;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>The realm's public keys (RFC 7517 section 5).</summary>
public sealed class JwksEndpoint(RealmSnapshots realms, KeyRing keyRing, KeyClock clock, TokenOptions options)
{
    /// <summary>An announced key is known everywhere before it signs.</summary>
    private readonly string _caching = $"public, max-age={(long)options.JwksMaxAge.TotalSeconds}";

    public async Task HandleAsync(HttpContext context)
    {
        var realm = await realms.GetLastKnownAsync(OAuthRoutes.RealmOf(context), context.RequestAborted);
        var keys = await KeysAsync(realm.Realm, context.RequestAborted);
        context.Response.Headers.CacheControl = _caching;
        await OAuthJson.WriteAsync(context, keys.Published(clock.Now), static (writer, keys) =>
        {
            writer.WriteStartArray("keys");
            foreach (var key in keys)
            {
                key.WriteJwk(writer);
            }

            writer.WriteEndArray();
        });
    }

    /// <summary>Without a database those that are known: old keys are better than none.</summary>
    private async Task<RealmKeys> KeysAsync(Realm realm, CancellationToken cancellationToken)
    {
        try
        {
            return await keyRing.GetCurrentAsync(realm, cancellationToken);
        }
        catch (IamException outage) when (outage.Reason == ErrorReason.StorageUnavailable)
        {
            return await keyRing.GetAsync(realm, cancellationToken);
        }
    }
}
