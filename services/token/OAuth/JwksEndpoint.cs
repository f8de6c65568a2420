using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Token.Keys;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>The realm's public keys (RFC 7517 section 5).</summary>
public sealed class JwksEndpoint(RealmSnapshots realms, KeyRing keyRing)
{
    /// <summary>Short enough that an announced key is known everywhere long before it signs.</summary>
    private const string Caching = "public, max-age=300";

    public async Task HandleAsync(HttpContext context)
    {
        var realm = await realms.GetLastKnownAsync(OAuthRoutes.RealmOf(context), context.RequestAborted);
        var keys = await keyRing.GetAsync(realm.Realm, context.RequestAborted);
        context.Response.Headers.CacheControl = Caching;
        await OAuthJson.WriteAsync(context, keys.Published, static (writer, keys) =>
        {
            writer.WriteStartArray("keys");
            foreach (var key in keys)
            {
                writer.WriteStartObject();
                writer.WriteString("kty", "EC");
                writer.WriteString("crv", "P-256");
                writer.WriteString("x", key.X);
                writer.WriteString("y", key.Y);
                writer.WriteString("use", "sig");
                writer.WriteString("alg", SigningKey.Algorithm);
                writer.WriteString("kid", key.KeyId);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }
}
